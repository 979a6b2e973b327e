-- Passages that wait for the author, as ::: {.to-write} or [ ]{.to-write}, look so in every
-- format: in italics, and a block after "To be written:".

local function waits(element)
  return element.classes:includes("to-write")
end

function Span(span)
  if waits(span) then
    return pandoc.Emph(span.content)
  end
end

function Div(division)
  if not waits(division) then
    return nil
  end
  local first = true
  return division:walk({
    Para = function(paragraph)
      local words = pandoc.Inlines({ pandoc.Emph(paragraph.content) })
      if first then
        words:insert(1, pandoc.Space())
        words:insert(1, pandoc.Strong({ pandoc.Str("To be written:") }))
        first = false
      end
      return pandoc.Para(words)
    end,
  }).content
end
