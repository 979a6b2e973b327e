-- Parts that a study shows or leaves out: content-visible and content-hidden with when-meta or
-- unless-meta. Quarto can do this itself, but where such a part holds several blocks, its JATS
-- stops. Resolved here, before anything else looks at the text, all formats get the same words.

if not quarto then
  return {}
end

local function flag(meta, key)
  local value = meta
  for part in key:gmatch("[^.]+") do
    value = type(value) == "table" and value[part] or nil
  end
  return value == true
end

local function without(list, ...)
  local kept = pandoc.List({})
  for _, class in ipairs(list) do
    if not pandoc.List({ ... }):includes(class) then
      kept:insert(class)
    end
  end
  return kept
end

-- What takes the place of a part; nil leaves it as it is.
local function resolved(element, meta)
  local visible = element.classes:includes("content-visible")
  local hidden = element.classes:includes("content-hidden")
  local when, unless = element.attributes["when-meta"], element.attributes["unless-meta"]
  if not (visible or hidden) or not (when or unless) then
    return nil
  end
  local holds = (not when or flag(meta, when)) and (not unless or not flag(meta, unless))
  element.attributes["when-meta"], element.attributes["unless-meta"] = nil, nil
  if element.attributes["when-format"] or element.attributes["unless-format"] then
    -- Quarto asks the format; only what cannot be shown at all is decided here.
    return (visible and not holds) and {} or nil
  end
  if holds == hidden then
    return {}
  end
  element.classes = without(element.classes, "content-visible", "content-hidden")
  if element.t == "Div" and element.identifier == "" and #element.classes == 0 then
    return element.content
  end
  return element
end

function Pandoc(doc)
  local function change(element)
    return resolved(element, doc.meta)
  end
  doc.blocks = doc.blocks:walk({ Div = change, Span = change, CodeBlock = change, traverse = "topdown" })
  return doc
end
