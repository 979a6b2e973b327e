-- Text in another direction: [متن]{lang=fa dir=rtl}, as a span or a division, or from left to
-- right in a text that runs the other way.
-- HTML and Word know lang and dir. Typst and JATS need to be told in their own words.

local function turned(element)
  return element.attributes.dir == "rtl" or element.attributes.dir == "ltr"
end

-- Typst sets no direction for a span, so quotation marks would stand the wrong way round; nor a
-- language, in which words are broken.
local function typst_text(element)
  local lang = element.attributes.lang or ""
  local said = pandoc.List({})
  if lang:match("^%a+$") then
    said:insert('lang: "' .. lang .. '"')
  end
  if turned(element) then
    said:insert("dir: " .. element.attributes.dir)
  end
  return #said > 0 and "#text(" .. table.concat(said, ", ") .. ")[" or "#["
end

local function span(element)
  if not turned(element) and not element.attributes.lang then
    return nil
  end
  if FORMAT:match("typst") then
    local content = pandoc.Inlines({ pandoc.RawInline("typst", typst_text(element)) })
    content:extend(element.content)
    content:insert(pandoc.RawInline("typst", "]"))
    return content
  end
end

local function division(element)
  if not turned(element) then
    return nil
  end
  if FORMAT:match("typst") then
    local content = pandoc.Blocks({ pandoc.RawBlock("typst", typst_text(element)) })
    content:extend(element.content)
    content:insert(pandoc.RawBlock("typst", "]"))
    return content
  end
  if FORMAT:match("jats") then
    -- JATS has no division: each paragraph names its own language.
    return element.content:walk({
      Para = function(paragraph)
        local attributes = { lang = element.attributes.lang }
        return pandoc.Para({ pandoc.Span(paragraph.content, pandoc.Attr("", {}, attributes)) })
      end,
    })
  end
end

-- In a text that runs from right to left, a paragraph that is mostly in Latin letters, such as a
-- sentence in English, runs from left to right as a whole: its lines would begin at their ends.
local is_turned = false

local function direction(meta)
  is_turned = meta.dir ~= nil and pandoc.utils.stringify(meta.dir) == "rtl"
end

local function is_latin(text)
  local _, latin = text:gsub("%a", "")
  local _, arabic = text:gsub("[\xd8-\xdb][\x80-\xbf]", "")
  return latin > arabic
end

local function paragraph(element)
  if is_turned and is_latin(pandoc.utils.stringify(element)) then
    return pandoc.Div({ element }, pandoc.Attr("", {}, { dir = "ltr" })), false
  end
end

-- What says its direction itself, and a table, is left as it is.
local function as_it_is(element)
  if element.t == "Table" or turned(element) then
    return nil, false
  end
end

return {
  { Meta = direction },
  { traverse = "topdown", Para = paragraph, Div = as_it_is, Table = as_it_is },
  { Span = span, Div = division },
}
