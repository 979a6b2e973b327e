-- Before Quarto renders: is there something to render? Numbers, tables and figures come from
-- the notebooks, which the build runs; a fresh copy of the study has none of them yet.

local function is_there(name)
  local file = io.open(name, "rb")
  if file then
    file:close()
  end
  return file ~= nil
end

for _, name in ipairs({ "_quarto-built.yml", "_study.yml", "_citation-style.csl", "_variables.yml", "_results.qmd" }) do
  if not is_there(name) then
    io.stderr:write(
      "The study is not built: run `study build` first, or `python start.py build`.\n",
      "Quarto then finds the numbers, tables and figures (now without report/" .. name .. ").\n"
    )
    os.exit(1)
  end
end
