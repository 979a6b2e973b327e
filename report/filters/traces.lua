-- Numbers of the page lead to what is behind them: output/trace.html lists it. Before Quarto
-- resolves them, shortcodes get a span that keeps the number's name; afterwards spans, and cells
-- that say what they count, become links. In other formats, and for blind review, they stay
-- plain. The built-in engine does the same in analysis/manuscript/traces.py.

if not quarto then
  return {}
end

local stringify = pandoc.utils.stringify
local WORDS = 4 -- from which on it is a sentence, in which the numbers lead, and not the whole
local linked = quarto.doc.is_format("html")

local function link(content, key)
  return pandoc.Link(content, "trace.html#" .. key, "", pandoc.Attr("", { "trace" }))
end

local function parameters(span)
  local found = {}
  for _, inside in ipairs(span.content) do
    if inside.t == "Span" and inside.attributes["data-value"] then
      found[#found + 1] = inside.attributes["data-value"]
    end
  end
  return found
end

-- {{< var key >}}, not resolved yet
local function key_of(span)
  if not span.classes:includes("quarto-shortcode__") then
    return nil
  end
  local found = parameters(span)
  return found[1] == "var" and found[2] or nil
end

local function marked(span)
  local key = key_of(span)
  if key then
    return pandoc.Span({ span }, pandoc.Attr("", {}, { trace = key })), false
  end
  if span.classes:includes("quarto-shortcode__") then
    return span, false
  end
end

local function plain(span)
  if span.attributes.trace then
    return span.content
  end
end

local function numbers_lead(content, key)
  return content:walk({
    Str = function(str)
      if not str.text:find("%d") then
        return nil
      end
      -- what ends a part of a sentence is no part of the number
      local number, stop = str.text:match("^(.-)([,.;:]*)$")
      return stop == "" and link({ str }, key) or { link({ pandoc.Str(number) }, key), pandoc.Str(stop) }
    end,
  })
end

local function numbers(span)
  local key = span.attributes.trace
  if not key then
    return nil
  end
  local content = span.content:walk({ Span = plain })
  local text = stringify(content)
  if not linked or not text:find("%d") then
    return content
  end
  local _, gaps = text:gsub("%s+", "")
  if gaps + 1 < WORDS then
    return link(content, key)
  end
  return numbers_lead(content, key)
end

local function bare(element)
  element.content = element.content:walk({ Span = plain })
  return element, false
end

local function cells(tbl)
  for _, body in ipairs(tbl.bodies) do
    for _, rows in ipairs({ body.head, body.body }) do
      for _, row in ipairs(rows) do
        for _, cell in ipairs(row.cells) do
          local key = cell.attributes.trace
          cell.attributes.trace = nil
          for _, block in ipairs(key and linked and cell.contents or {}) do
            if (block.t == "Plain" or block.t == "Para") and #block.content > 0 then
              local sentence = stringify(block.content):find("[,.;:]%s*$")
              block.content = sentence and numbers_lead(block.content, key) or { link(block.content, key) }
            end
          end
        end
      end
    end
  end
  return tbl
end

local function is_waiting(doc)
  local waiting = false
  doc.blocks:walk({ Span = function(span) waiting = waiting or key_of(span) ~= nil end })
  return waiting
end

function Pandoc(doc)
  if is_waiting(doc) then
    doc.blocks = doc.blocks:walk({ Span = marked, traverse = "topdown" })
    return doc
  end
  linked = linked and doc.meta.blind ~= true
  doc.blocks = doc.blocks:walk({ Header = bare, Link = bare, Span = numbers, Table = cells, traverse = "topdown" })
  return doc
end
