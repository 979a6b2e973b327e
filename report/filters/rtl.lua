-- Text in another direction: [متن]{lang=fa dir=rtl}, as a span or a division, or from left to
-- right in a text that runs the other way.
-- HTML and Word know lang and dir. Typst and JATS need to be told in their own words.

local function turned(element)
  return element.attributes.dir == "rtl" or element.attributes.dir == "ltr"
end

-- Typst sets no direction for a span, so quotation marks would stand the wrong way round.
local function typst_text(element)
  local lang = element.attributes.lang or ""
  local said = lang:match("^%a+$") and ('lang: "' .. lang .. '", ') or ""
  return "#text(" .. said .. "dir: " .. element.attributes.dir .. ")["
end

local function span(element)
  if not turned(element) then
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

return { { Span = span, Div = division } }
