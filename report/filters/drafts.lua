-- Passages that wait for the author, as ::: {.to-write} or [ ]{.to-write}, look so in every
-- format: in italics, and a block after "To be written:".

local MARK = "To be written:"

local function waits(element)
  return element.classes:includes("to-write")
end

local function mark(meta)
  local said = meta.words and meta.words["to-write"]
  MARK = said and pandoc.utils.stringify(said) or MARK
end

local function span(element)
  if waits(element) then
    return pandoc.Emph(element.content)
  end
end

local function block(division)
  if not waits(division) then
    return nil
  end
  local first = true
  return division:walk({
    Para = function(paragraph)
      local words = pandoc.Inlines({ pandoc.Emph(paragraph.content) })
      if first then
        words:insert(1, pandoc.Space())
        words:insert(1, pandoc.Strong(pandoc.Inlines(MARK)))
        first = false
      end
      return pandoc.Para(words)
    end,
  }).content
end

return { { Meta = mark }, { Span = span, Div = block } }
