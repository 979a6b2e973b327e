-- What tables need on paper: notes below them instead of rows of their own, groups of rows
-- that stay apart, bold heads, and columns as wide as their text asks for.

local stringify = pandoc.utils.stringify

-- Letters of a table's size that fit on a line of A4 with the reference document's margins.
local LINE, SMALL_LINE = 112, 136 -- in the usual size, and in that of the class "small"
local GAP = 3 -- letters that the space between two columns takes
local WHOLE = 20 -- a number with what stands around it, up to this long, is not broken
local SHORT = 400 -- letters of a cell up to which its row stays on one page

-- In a text that runs from right to left, columns begin on the right; numbers end there anyway.
local is_turned = false
local TURNED = { AlignLeft = "AlignRight", AlignDefault = "AlignRight" }

local function turn(tbl)
  for i, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[i] = { TURNED[spec[1]] or spec[1], spec[2] }
  end
  local function turn_row(row)
    for _, cell in ipairs(row.cells) do
      cell.alignment = cell.alignment ~= "AlignDefault" and TURNED[cell.alignment] or cell.alignment
    end
    return row
  end
  local function turned(rows)
    local new = pandoc.List({})
    for _, row in ipairs(rows) do
      new:insert(turn_row(row))
    end
    return new
  end
  tbl.head.rows = turned(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do
    body.head, body.body = turned(body.head), turned(body.body)
  end
end

local on_paper = FORMAT:match("typst") or FORMAT:match("docx") or FORMAT:match("openxml")

local function each_row(tbl, visit)
  for _, row in ipairs(tbl.head.rows) do
    visit(row, true)
  end
  for _, body in ipairs(tbl.bodies) do
    for _, rows in ipairs({ body.head, body.body }) do
      for _, row in ipairs(rows) do
        visit(row, false)
      end
    end
  end
end

-- Letters of a text; those of Arabic script, which another font prints, are wider.
local function letters(text)
  local _, arabic = text:gsub("[\xd8-\xdb][\x80-\xbf]", "")
  return (utf8.len(text) or #text) + 0.6 * arabic
end

-- For each column, letters of what cannot be broken, of the longest cell of the body, of the
-- longest cell at all, and of a usual cell: the square mean, so that a few long cells count.
local function measure(tbl)
  local columns = {}
  for i = 1, #tbl.colspecs do
    columns[i] = { least = 2, body = 2, most = 2, sum = 0, count = 0 }
  end
  local held = {} -- rows for which a cell above still holds a column
  each_row(tbl, function(row, in_head)
    local at = 1
    local function pass_held()
      while (held[at] or 0) > 0 do
        held[at] = held[at] - 1
        at = at + 1
      end
    end
    for _, cell in ipairs(row.cells) do
      pass_held()
      local column = columns[at]
      if cell.col_span == 1 and column then
        local text = stringify(cell.contents)
        local long = letters(text)
        local number = cell.alignment == "AlignRight" or cell.alignment == "AlignCenter"
        if number and long <= WHOLE and not in_head then
          column.least = math.max(column.least, long)
        end
        for word in text:gmatch("%S+") do
          column.least = math.max(column.least, letters(word))
        end
        column.most = math.max(column.most, long)
        if long > 0 and not in_head then
          column.body = math.max(column.body, long)
          column.sum, column.count = column.sum + long * long, column.count + 1
        end
      end
      for i = at, at + cell.col_span - 1 do
        held[i] = cell.row_span - 1
      end
      at = at + cell.col_span
    end
    pass_held()
  end)
  for _, column in ipairs(columns) do
    column.usual = math.max(math.sqrt(column.sum / math.max(column.count, 1)), 1)
  end
  return columns
end

-- Give columns a part of the room, each up to its limit, by the length of a usual cell, so
-- that cells of a row take about as many lines. Return what is left.
local function hand_out(columns, room, limit)
  local open = columns
  while room > 0.5 and #open > 0 do
    local sum, given, still = 0, 0, {}
    for _, column in ipairs(open) do
      sum = sum + column.usual
    end
    for _, column in ipairs(open) do
      local more = math.max(math.min(room * column.usual / sum, column[limit] - column.wide), 0)
      column.wide, given = column.wide + more, given + more
      if column.wide < column[limit] - 0.01 then
        still[#still + 1] = column
      end
    end
    room, open = room - given, still
  end
  return room
end

-- Share out the line: what cannot be broken first, then the body, and heads where there is room.
local function share(columns, line)
  local room = line - GAP * #columns
  for _, column in ipairs(columns) do
    column.wide = column.least
    room = room - column.least
  end
  room = hand_out(columns, room, "body")
  hand_out(columns, room, "most")
end

local function set_widths(tbl)
  local is_set = false
  for i, spec in ipairs(tbl.colspecs) do
    is_set = is_set or spec[2] ~= nil
    if spec[1] == "AlignDefault" then
      tbl.colspecs[i] = { "AlignLeft", spec[2] }
    end
  end
  if is_set then
    return -- by the author
  end
  local columns = measure(tbl)
  share(columns, tbl.classes:includes("small") and SMALL_LINE or LINE)
  local sum = 0
  for _, column in ipairs(columns) do
    sum = sum + column.wide + GAP
  end
  for i, spec in ipairs(tbl.colspecs) do
    -- Rounded, so that every machine writes the same digits.
    tbl.colspecs[i] = { spec[1], math.floor((columns[i].wide + GAP) / sum * 1000 + 0.5) / 1000 }
  end
end

-- In Typst a cell that begins with "- ", "+ ", "1. ", "= " or "/ " would become a list or heading.
local function as_text(row)
  for _, cell in ipairs(row.cells) do
    for _, block in ipairs(cell.contents) do
      local first = (block.t == "Plain" or block.t == "Para") and block.content[1]
      local sign = first and first.t == "Str" and first.text:match("^[-+=/]+$") or nil
      local number = first and first.t == "Str" and first.text:match("^(%d+)%.$") or nil
      if sign then
        block.content[1] = pandoc.RawInline("typst", "\\" .. first.text)
      elseif number then
        block.content[1] = pandoc.RawInline("typst", number .. "\\.")
      end
    end
  end
end

-- A row that is not too long for it stands on one page: Typst breaks none that has such a cell.
local function keep_together(row)
  local longest, most = nil, 0
  for _, cell in ipairs(row.cells) do
    local long = letters(stringify(cell.contents))
    if long > most then
      longest, most = cell, long
    end
  end
  if longest and most <= SHORT then
    longest.attr.attributes["typst:breakable"] = "false"
  end
end

-- A name below another is indented by spaces (U+2003). Its further lines begin below the first.
local function depth_of(row)
  local depth = 0
  for _, code in utf8.codes(row and row.cells[1] and stringify(row.cells[1].contents) or "") do
    if code ~= 0x2003 then
      break
    end
    depth = depth + 1
  end
  return depth
end

local function first_block(row)
  local block = row.cells[1] and row.cells[1].contents[1]
  return block and (block.t == "Plain" or block.t == "Para") and block or nil
end

local function hang(row)
  local depth, block = depth_of(row), first_block(row)
  if depth > 0 and FORMAT:match("html") then
    row.cells[1].attr.classes:insert("indent-" .. math.min(depth, 9))
  elseif depth > 0 and block and FORMAT:match("typst") then
    block.content:insert(1, pandoc.RawInline("typst", "#par(hanging-indent: " .. depth .. "em)["))
    block.content:insert(pandoc.RawInline("typst", "]"))
  end
end

-- A row that heads those below it is not the last of a page: it asks for room that it then leaves
-- to the next, see typst/typst-template.typ. One that may not break would keep that room.
local function lead(row)
  local block = first_block(row)
  if block then
    for _, cell in ipairs(row.cells) do
      cell.attr.attributes["typst:breakable"] = nil
    end
    block.content:insert(1, pandoc.RawInline("typst", "#lead;"))
  end
end

local function embolden(row, in_head)
  for _, cell in ipairs(row.cells) do
    for _, block in ipairs(cell.contents) do
      if (block.t == "Plain" or block.t == "Para") and #block.content > 0 then
        block.content = pandoc.Inlines({ pandoc.Strong(block.content) })
      end
    end
    if in_head and cell.col_span > 1 then
      cell.attr.attributes["typst:stroke"] = "(bottom: 0.4pt)"
    end
  end
  return row
end

local SIDES = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center" }

-- The words of a head stand on its rule.
local function stand_below(row, tbl)
  local at = 1
  for _, cell in ipairs(row.cells) do
    local spec = tbl.colspecs[math.min(at, #tbl.colspecs)]
    local side = SIDES[cell.alignment] or (cell.col_span > 1 and "center") or SIDES[spec[1]] or "left"
    cell.alignment = "AlignDefault"
    cell.attr.attributes["typst:align"] = side .. " + bottom"
    at = at + cell.col_span
  end
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

local function finished(tbl)
  local notes = notes_of(tbl)
  tbl.foot = pandoc.TableFoot()
  if FORMAT:match("typst") then
    each_row(tbl, as_text)
    each_row(tbl, keep_together)
  end
  for _, body in ipairs(tbl.bodies) do
    for at, row in ipairs(body.body) do
      if FORMAT:match("typst") and depth_of(body.body[at + 1]) > depth_of(row) then
        lead(row)
      end
    end
    for _, row in ipairs(body.body) do
      hang(row)
    end
  end
  if on_paper then
    set_widths(tbl)
    for _, row in ipairs(tbl.head.rows) do
      embolden(row, true)
    end
    for _, body in ipairs(tbl.bodies) do
      local rows = pandoc.List({})
      for _, row in ipairs(body.head) do
        rows:insert(embolden(row))
        if FORMAT:match("typst") then
          lead(row)
        end
      end
      rows:extend(body.body)
      body.head, body.body = {}, rows
    end
  end
  if is_turned then
    turn(tbl)
  end
  if FORMAT:match("typst") then
    for _, row in ipairs(tbl.head.rows) do
      stand_below(row, tbl)
    end
  end
  local result = pandoc.Blocks({ tbl })
  if FORMAT:match("html") then
    result = pandoc.Blocks({ pandoc.Div({ tbl }, pandoc.Attr("", { "table-scroll" }, { tabindex = "0" })) })
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

local function direction(meta)
  is_turned = meta.dir ~= nil and stringify(meta.dir) == "rtl"
end

-- On a phone a figure scrolls (style.css), which those without a mouse must be able to do, too.
local function reachable(figure)
  if FORMAT:match("html") and figure.identifier:match("fig%-") then
    figure.attributes.tabindex = "0"
    return figure
  end
end

return { { Meta = direction }, { Table = finished, Figure = reachable } }
