-- The title page as the templates of both engines read it. Quarto splits every name into given
-- and family name, also a group's, and keeps to itself who takes letters.

if not quarto then
  return {}
end

local stringify = pandoc.utils.stringify

local function is_true(value)
  return value ~= nil and (value == true or stringify(value) == "true")
end

local function raise(place)
  place.raised = pandoc.MetaInlines({ pandoc.Superscript({ pandoc.Str(stringify(place.number)) }) })
end

function Meta(meta)
  local letters, known = pandoc.List({}), pandoc.List({})
  for _, author in ipairs(meta["by-author"] or {}) do
    if is_true(author.metadata and author.metadata["is-group"]) then
      author["is-group"] = true
      author.name.given, author.name.family = nil, nil
    end
    if is_true(author.attributes and author.attributes.corresponding) then
      author.corresponding = true
      letters:insert({ name = author.name.literal, email = author.email })
    end
    if author.orcid then
      known:insert({ name = author.name.literal, orcid = author.orcid })
    end
    for _, place in ipairs(author.affiliations or {}) do
      raise(place)
    end
  end
  for _, place in ipairs(meta["by-affiliation"] or {}) do
    raise(place)
  end
  if #known > 0 then
    meta["with-orcid"] = known
  end
  if #letters > 0 then
    meta.correspondence = letters
  end
  -- Word's template takes whole runs.
  local docx = FORMAT:match("docx")
  local said = meta.words or {}
  local letters_to = said.correspondence and stringify(said.correspondence) or "Correspondence"
  local keywords = meta.labels and meta.labels.keywords and stringify(meta.labels.keywords) or "Keywords"
  meta["word-keywords"] = docx and pandoc.MetaInlines({ pandoc.Strong({ pandoc.Str(keywords .. ":") }) }) or keywords
  meta["word-correspondence"] = docx and pandoc.MetaInlines({ pandoc.Str(letters_to .. ":") }) or letters_to
  meta["abstract-title"] = meta["abstract-title"] or (meta.labels and meta.labels.abstract)
  return meta
end
