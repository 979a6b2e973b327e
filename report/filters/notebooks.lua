-- On the page, each table and figure that comes from a notebook links to it; not in a page for
-- blind review, as notebooks are of the authors.

local function name_of(path)
  return path:match("([^/\\]+)%.ipynb$")
end

local blind = false
local WORD = "Notebook:"

local function read(meta)
  blind = meta.blind == true
  WORD = meta.words and meta.words.notebook and pandoc.utils.stringify(meta.words.notebook) or WORD
end

local function linked(element)
  local path = element.attributes.notebook
  local name = path and name_of(path)
  if not name or blind or not FORMAT:match("html") then
    return nil
  end
  local target = "notebooks/" .. name .. ".html"
  local link = pandoc.Link(WORD .. " " .. name, target)
  element.content:insert(pandoc.Div({ pandoc.Plain({ link }) }, pandoc.Attr("", { "notebook-link" })))
  return element
end

return { { Meta = read }, { Div = linked } }
