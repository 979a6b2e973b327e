-- After Quarto: what no filter can do is done by the study's own program, as for the built-in
-- engine: rules of Word's tables, labels in JATS, no clock in any file. Then what Quarto leaves
-- beside the manuscript is taken away.

local MODULE = "analysis.manuscript.quarto"
local UNUSABLE = "its Word and JATS files lack rules and labels. Build the study, then render again."

local function lines(text)
  local found = pandoc.List({})
  for line in (text or ""):gmatch("[^\r\n]+") do
    found:insert(line)
  end
  return found
end

-- The interpreter of the study's environment, else the one that Quarto uses, else any.
local function interpreters()
  local found = pandoc.List({ "../.venv/bin/python", "../.venv/Scripts/python.exe" })
  if os.getenv("QUARTO_PYTHON") then
    found:insert(os.getenv("QUARTO_PYTHON"))
  end
  found:extend({ "python3", "python" })
  return found
end

local function finish(files)
  local arguments = pandoc.List({ "-m", MODULE })
  arguments:extend(files)
  for _, python in ipairs(interpreters()) do
    local done, said = pcall(pandoc.pipe, python, { "-c", "import " .. MODULE }, "")
    if done then
      done, said = pcall(pandoc.pipe, python, arguments, "")
      if not done then
        io.stderr:write(tostring(type(said) == "table" and said.output or said), "\n")
        os.exit(1)
      end
      return
    end
  end
  io.stderr:write("The study's program was not found: " .. UNUSABLE .. "\n")
end

-- The build finishes what it renders itself.
if os.getenv("STUDY_BUILD") then
  return {}
end

local files = lines(os.getenv("QUARTO_PROJECT_OUTPUT_FILES"))
if #files > 0 then
  finish(files)
  pcall(pandoc.system.remove_directory, "manuscript_files", true)
end
