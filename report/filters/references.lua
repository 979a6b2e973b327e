-- Where nothing is cited, an empty list of references goes, and its heading with it. The
-- built-in engine leaves both out by itself.

if not quarto then
  return {}
end

local KINDS = { tbl = true, fig = true, sec = true, eq = true, supptbl = true, suppfig = true }

-- Whether a text cites a work; references to tables and the like are citations, too, to Pandoc.
local function cites(text)
  local found = false
  text:walk({
    Cite = function(element)
      for _, citation in ipairs(element.citations) do
        found = found or not KINDS[citation.id:match("^(%a+)%-")]
      end
    end,
  })
  return found
end

local function is_list(block)
  return block ~= nil and block.t == "Div" and block.identifier == "refs" and #block.content == 0
end

local function without_list(blocks)
  local kept = pandoc.Blocks({})
  for at, block in ipairs(blocks) do
    local after = blocks[at + 2]
    local is_alone = after == nil or (after.t == "Header" and after.level <= (block.level or 0))
    local is_heading = block.t == "Header" and is_list(blocks[at + 1]) and is_alone
    if not is_heading and not is_list(block) then
      kept:insert(block)
    end
  end
  return kept
end

-- In JATS the heading is the title of the list itself, which stands in the back matter: marked,
-- it is put there at the end, see analysis/manuscript/jats.py.
local function with_title(blocks)
  for at, block in ipairs(blocks) do
    local after = blocks[at + 1]
    if block.t == "Header" and after and after.t == "Div" and after.identifier == "refs" then
      block.content = pandoc.Inlines({ pandoc.Span(block.content, pandoc.Attr("", { "references-title" })) })
    end
  end
  return blocks
end

function Pandoc(doc)
  local said = pandoc.Pandoc(doc.blocks)
  for _, key in ipairs({ "abstract", "nocite" }) do
    if doc.meta[key] then
      said.blocks:insert(pandoc.Div(pandoc.Pandoc({}, { value = doc.meta[key] }).meta.value))
    end
  end
  if not cites(said) then
    doc.blocks = doc.blocks:walk({ Blocks = without_list })
  elseif FORMAT:match("jats") then
    doc.blocks = doc.blocks:walk({ Blocks = with_title })
  end
  return doc
end
