-- The supplement: main headings with the class "supplement" begin a part of it. Its tables and
-- figures are numbered S1, S2 and on, and references follow. What the study file moves out of the
-- text comes to the end. The built-in engine does the same in analysis/manuscript/supplement.py.

if not quarto then
  return {}
end

local KINDS = { tbl = "supptbl", fig = "suppfig" }
local HEADING = "Supplement: further tables and figures"

local function is_ours(identifier)
  return KINDS[identifier:match("^(%a+)-") or ""] ~= nil
end

-- The label of an embedded table or figure, or of one that the author wrote.
local function label_of(element)
  if element.t == "Div" and element.classes:includes("quarto-embed-nb-cell") then
    local found = is_ours(element.identifier) and element.identifier or nil
    element.content:walk({
      Div = function(inside)
        if not found and is_ours(inside.identifier) then
          found = inside.identifier
        end
      end,
    })
    return found
  end
  return element.identifier ~= "" and is_ours(element.identifier) and element.identifier or nil
end

local function supplementary(label)
  local kind, rest = label:match("^(%a+)-(.+)$")
  return KINDS[kind] .. "-" .. rest
end

-- Labels in reading order; `visit` may answer with what takes the place of an element.
local function each(blocks, visit)
  local function look(element)
    local label = label_of(element)
    if label then
      return visit(label, element), false
    end
  end
  return pandoc.Blocks(blocks):walk({ traverse = "topdown", Div = look, Table = look, Figure = look })
end

local function refers(block, label)
  local found = false
  pandoc.Blocks({ block }):walk({
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do
        found = found or citation.id:sub(1, 1):lower() .. citation.id:sub(2) == label
      end
    end,
  })
  return found
end

-- Bring what is called into the text behind the first paragraph there that refers to it.
local function call(parts, called)
  local taken = {}
  for _, part in ipairs(parts) do
    if part.supplement then
      part.blocks = each(part.blocks, function(label, element)
        if called[label] then
          taken[label] = element
          return {}
        end
      end)
    end
  end
  for place = #called, 1, -1 do -- each is put right behind the paragraph
    local label = called[place]
    for _, part in ipairs(taken[label] and parts or {}) do
      if not part.supplement then
        for at, block in ipairs(part.blocks) do
          if taken[label] and refers(block, label) then
            part.blocks:insert(at + 1, taken[label])
            taken[label] = nil
            break
          end
        end
      end
    end
  end
end

-- "Table S" and "Figure S" in the language of the text, before Quarto reads what it calls them.
local function name_kinds(meta)
  local words = meta.words or {}
  local said = { supptbl = words.table, suppfig = words.figure }
  for _, kind in ipairs(meta.crossref and meta.crossref.custom or {}) do
    local word = said[pandoc.utils.stringify(kind.key or "")]
    if word then
      kind["reference-prefix"] = pandoc.MetaInlines(pandoc.utils.stringify(word) .. " S")
    end
  end
end

function Pandoc(doc)
  name_kinds(doc.meta)
  local asked = doc.meta.supplement or {}
  local move = {}
  for _, label in ipairs(asked.move or {}) do
    move[pandoc.utils.stringify(label)] = true
  end
  local most = asked.most and tonumber(pandoc.utils.stringify(asked.most))
  local called = {}
  for at, label in ipairs(asked.text or {}) do
    called[at] = pandoc.utils.stringify(label)
    called[called[at]] = true
  end
  local parts = pandoc.List({ { blocks = pandoc.Blocks({}), supplement = false } })
  for _, block in ipairs(doc.blocks) do
    if block.t == "Header" and block.level == 1 then
      parts:insert({ blocks = pandoc.Blocks({}), supplement = block.classes:includes("supplement") })
    end
    parts[#parts].blocks:insert(block)
  end
  call(parts, called)
  local renamed, moved, any = {}, pandoc.Blocks({}), false
  local blocks = pandoc.Blocks({})
  if most then
    -- those that come last leave the text, but not those that were called into it
    local leaving, stay = pandoc.List({}), 0
    for _, part in ipairs(parts) do
      each(part.supplement and {} or part.blocks, function(label)
        if not move[label] then
          stay = stay + 1
          if not called[label] then
            leaving:insert(label)
          end
        end
      end)
    end
    for at = math.max(1, #leaving - math.max(0, stay - most) + 1), #leaving do
      move[leaving[at]] = true
    end
  end
  for _, part in ipairs(parts) do
    part.blocks = each(part.blocks, function(label, element)
      if not part.supplement then
        if not move[label] then
          return nil
        end
        moved:insert(element)
      end
      renamed[label], any = supplementary(label), true
      if not part.supplement then
        return {}
      end
    end)
    blocks:extend(part.blocks)
  end
  if not any then
    return doc
  end
  if #moved > 0 then
    blocks:insert(pandoc.Header(1, HEADING, pandoc.Attr("sec-supplement-floats", { "supplement" })))
    blocks:extend(moved)
  end
  local function rename(element)
    local new = renamed[element.identifier]
    if new then
      local kind = element.identifier:match("^(%a+)-")
      local caption = element.attributes[kind .. "-cap"]
      if caption then
        element.attributes[KINDS[kind] .. "-cap"], element.attributes[kind .. "-cap"] = caption, nil
      end
      element.identifier = new
      return element
    end
  end
  doc.blocks = blocks:walk({
    Div = rename,
    Table = rename,
    Figure = rename,
    Image = rename,
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do
        local key = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
        citation.id = renamed[key] or citation.id
      end
      return cite
    end,
  })
  return doc
end
