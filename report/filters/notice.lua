-- Data that are not the study's own say so: a banner on the page, a line under the title in
-- Word, PDF and JATS, and a keyword among the document's properties. Driven by data.synthetic
-- in the metadata; without it this filter changes nothing and leaves no word behind.

local stringify = pandoc.utils.stringify

local NOTICE = "Synthetic data: a reconstruction, not observations of real participants."

local function banner(meta, notice)
  -- A region, so that people who jump from part to part come across it, named by its first words.
  -- Pairs keep their order; Lua's named keys come in another one at each run.
  local name = stringify(notice):match("^[^:]+")
  local region = { { "role", "region" }, { "aria-label", name } }
  local division = pandoc.Div({ pandoc.Plain(notice) }, pandoc.Attr("", { "data-notice" }, region))
  if quarto and quarto.doc and quarto.doc.include_text then
    quarto.doc.include_text("before-body", pandoc.write(pandoc.Pandoc({ division }), "html"))
  else
    meta["include-before"] = pandoc.MetaBlocks({ division })
  end
end

local function line_under_title(meta, notice)
  local line = pandoc.Inlines({ pandoc.Span(notice, pandoc.Attr("", { "data-notice" })) })
  if meta.subtitle then
    local both = pandoc.Inlines(meta.subtitle)
    both:insert(pandoc.LineBreak())
    both:extend(line)
    line = both
  end
  meta.subtitle = pandoc.MetaInlines(line)
end

function Meta(meta)
  local data = meta.data
  if type(data) ~= "table" or data.synthetic ~= true then
    return nil
  end
  local notice = pandoc.Inlines(data.notice and stringify(data.notice) or NOTICE)
  local name = stringify(notice):match("^[^:]+")
  if FORMAT:match("html") then
    banner(meta, notice)
  else
    line_under_title(meta, notice)
  end
  meta.subject = pandoc.MetaInlines(pandoc.Inlines(data.notice and name or "Synthetic data"))
  if FORMAT:match("html") and quarto then
    -- Quarto would print a description below the title: the same words a second time.
    local said = pandoc.utils.stringify(notice):gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;")
    quarto.doc.include_text("in-header", '<meta name="description" content="' .. said .. '">')
  else
    meta.description = pandoc.MetaInlines(notice)
  end
  local keywords = pandoc.List(meta.keywords or {})
  keywords:insert(pandoc.MetaInlines(pandoc.Inlines(data.notice and name or "synthetic data")))
  meta.keywords = pandoc.MetaList(keywords)
  return meta
end
