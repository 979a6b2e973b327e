-- What tables need on paper: notes below them instead of rows of their own, groups of rows
-- that stay apart, bold heads, and columns as wide as their text asks for.

local stringify = pandoc.utils.stringify

-- Letters of a table's size that fit on a line of A4 with the reference document's margins.
local LINE = 112
local GAP = 3 -- letters that the space between two columns takes
local LONG = 60 -- a cell of more letters than this wraps anyway

local on_paper = FORMAT:match("typst") or FORMAT:match("docx") or FORMAT:match("openxml")

local function each_row(tbl, visit)
  for _, row in ipairs(tbl.head.rows) do
    visit(row)
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do
      visit(row)
    end
    for _, row in ipairs(body.body) do
      visit(row)
    end
  end
end

-- Letters of the longest word, and of the longest cell, of each column.
local function measure(tbl)
  local count = #tbl.colspecs
  local words, cells = {}, {}
  for i = 1, count do
    words[i], cells[i] = 2, 2
  end
  local held = {} -- rows for which a cell above still holds a column
  each_row(tbl, function(row)
    local column = 1
    for _, cell in ipairs(row.cells) do
      while (held[column] or 0) > 0 do
        held[column] = held[column] - 1
        column = column + 1
      end
      if cell.col_span == 1 and column <= count then
        local text = stringify(cell.contents)
        for word in text:gmatch("%S+") do
          words[column] = math.max(words[column], utf8.len(word) or #word)
        end
        cells[column] = math.max(cells[column], math.min(utf8.len(text) or #text, LONG))
      end
      for i = column, column + cell.col_span - 1 do
        held[i] = cell.row_span - 1
      end
      column = column + cell.col_span
    end
    while column <= count do
      held[column] = math.max((held[column] or 0) - 1, 0)
      column = column + 1
    end
  end)
  return words, cells
end

local function set_widths(tbl)
  for _, spec in ipairs(tbl.colspecs) do
    if spec[2] then
      return -- the author has set them
    end
  end
  local words, cells = measure(tbl)
  local count = #tbl.colspecs
  local least, most, room = 0, 0, LINE - GAP * count
  for i = 1, count do
    least, most = least + words[i], most + cells[i]
  end
  local wide, sum = {}, 0
  for i = 1, count do
    if most <= room then
      wide[i] = cells[i] + GAP
    elseif least < room and most > least then
      wide[i] = words[i] + (room - least) * (cells[i] - words[i]) / (most - least) + GAP
    else
      wide[i] = words[i] + GAP
    end
    sum = sum + wide[i]
  end
  for i, spec in ipairs(tbl.colspecs) do
    -- Rounded, so that every machine writes the same digits.
    local alignment = spec[1] == "AlignDefault" and "AlignLeft" or spec[1]
    tbl.colspecs[i] = { alignment, math.floor(wide[i] / sum * 1000 + 0.5) / 1000 }
  end
end

local function embolden(row, in_head)
  for _, cell in ipairs(row.cells) do
    for _, block in ipairs(cell.contents) do
      if (block.t == "Plain" or block.t == "Para") and #block.content > 0 then
        block.content = { pandoc.Strong(block.content) }
      end
    end
    if in_head and cell.col_span > 1 then
      cell.attr.attributes["typst:stroke"] = "(bottom: 0.4pt)"
    end
  end
  return row
end

local function notes_of(tbl)
  local notes = pandoc.Blocks({})
  for _, row in ipairs(tbl.foot.rows) do
    for _, cell in ipairs(row.cells) do
      for _, block in ipairs(cell.contents) do
        if (block.t == "Plain" or block.t == "Para") and #block.content > 0 then
          notes:insert(pandoc.Para(block.content))
        end
      end
    end
  end
  return notes
end

function Table(tbl)
  local notes = notes_of(tbl)
  tbl.foot = pandoc.TableFoot()
  if on_paper then
    set_widths(tbl)
    for _, row in ipairs(tbl.head.rows) do
      embolden(row, true)
    end
    for _, body in ipairs(tbl.bodies) do
      local rows = pandoc.List({})
      for _, row in ipairs(body.head) do
        rows:insert(embolden(row))
      end
      rows:extend(body.body)
      body.head, body.body = {}, rows
    end
  end
  local result = pandoc.Blocks({ tbl })
  if FORMAT:match("html") then
    result = pandoc.Blocks({ pandoc.Div({ tbl }, pandoc.Attr("", { "table-scroll" })) })
  end
  if #notes > 0 and FORMAT:match("typst") then
    -- table-note is made in typst/typst-template.typ
    result:insert(pandoc.RawBlock("typst", "#table-note["))
    result:extend(notes)
    result:insert(pandoc.RawBlock("typst", "]"))
  elseif #notes > 0 and FORMAT:match("jats") then
    -- Marked as notes: JATS has no division, and drops the class of one.
    for _, note in ipairs(notes) do
      local marked = pandoc.Span(note.content, pandoc.Attr("", { "table-note" }))
      result:insert(pandoc.Para({ marked }))
    end
  elseif #notes > 0 then
    local style = { ["custom-style"] = "Table Note" }
    result:insert(pandoc.Div(notes, pandoc.Attr("", { "table-notes" }, style)))
  end
  return result
end
