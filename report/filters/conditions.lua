-- Parts that a study shows or leaves out: content-visible and content-hidden with when-meta,
-- unless-meta, when-format or unless-format. Quarto can do this itself, but where such a part holds several blocks, its JATS
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
  if not (visible or hidden) then
    return nil
  end
  local asked = {
    ["when-meta"] = function(key) return flag(meta, key) end,
    ["unless-meta"] = function(key) return not flag(meta, key) end,
    ["when-format"] = quarto.doc.is_format,
    ["unless-format"] = function(name) return not quarto.doc.is_format(name) end,
  }
  local holds, ours = true, false
  for name, question in pairs(asked) do
    local value = element.attributes[name]
    if value then
      holds, ours = holds and question(value), true
      element.attributes[name] = nil
    end
  end
  if not ours then
    return nil
  end
  if holds and (element.attributes["when-profile"] or element.attributes["unless-profile"]) then
    return element -- Quarto knows its profiles
  end
  if holds == hidden then
    return {}
  end
  element.classes = without(element.classes, "content-visible", "content-hidden")
  if element.t ~= "CodeBlock" and element.identifier == "" and #element.classes == 0 and #element.attributes == 0 then
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
