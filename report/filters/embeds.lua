-- What notebooks made, as Quarto embeds it: tables that are HTML become Pandoc's own tables, so
-- that Word, PDF and JATS have them whole; the path of a notebook is one inside the report.
-- The built-in engine brings tables in this form already.

if not quarto then
  return {}
end

local function as_table(raw)
  if raw.format ~= "html" or not raw.text:find("<table", 1, true) then
    return nil
  end
  return pandoc.read(raw.text, "html").blocks
end

local function inside_report(path)
  local here = pandoc.system.get_working_directory()
  local relative = pandoc.path.make_relative(path, here)
  if pandoc.path.is_absolute(relative) or relative:match("^%.%.") then
    relative = pandoc.path.filename(path)
  end
  return (relative:gsub("\\", "/"))
end

-- Quarto wraps what a cell shows in divisions of its own.
local function unwrap(division)
  local bare = division.classes:includes("cell") and division.identifier == ""
  if bare or division.classes:includes("cell-output") then
    return division.content
  end
end

-- A description is text: Quarto would run a shortcode in it. floats.lua takes the mark away.
local function described(image)
  local alt = image.attributes["fig-alt"]
  if alt then
    image.attributes["fig-alt"] = alt:gsub("{{", "{\u{2063}{")
    return image
  end
end

-- What a study does not have must stand in a part that is hidden; conditions.lua has dropped it.
local function check(division)
  local said = pandoc.utils.stringify(division.content)
  if said:find(" is not part of this study.", 1, true) and #said < 100 then
    io.stderr:write(
      "ERROR: " .. said .. " Put its embed into a part that is shown on a condition, or take it out.\n"
    )
    os.exit(1)
  end
end

local function cell(division)
  if division.classes:includes("quarto-embed-nb-cell") and division.attributes.notebook then
    division.attributes.notebook = inside_report(division.attributes.notebook)
    division.attributes["notebook-cellId"] = nil
    check(division)
    division.content = division.content:walk({ Div = unwrap, Image = described })
    return division
  end
end

function Pandoc(doc)
  doc.blocks = doc.blocks:walk({ RawBlock = as_table }):walk({ Div = cell })
  return doc
end
