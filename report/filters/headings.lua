-- Fixed headings in the language of the text, as _study.yml has them. The built-in engine prints
-- them so by itself.

if not quarto then
  return {}
end

local stringify = pandoc.utils.stringify

function Pandoc(doc)
  local said = {}
  for _, pair in ipairs(doc.meta.headings or {}) do
    said[stringify(pair.english)] = pair.said
  end
  doc.meta.headings = nil
  doc.blocks = doc.blocks:walk({
    Header = function(element)
      local new = said[stringify(element.content)]
      if new then
        element.content = pandoc.Inlines(new)
        return element
      end
    end,
  })
  return doc
end
