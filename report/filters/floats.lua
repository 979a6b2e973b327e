-- Tables and figures after Quarto has numbered them. Quarto would put each into a layout table
-- in Word, and JATS and Typst would lose labels and places; here they become what Pandoc's
-- writers know: a table or figure with its caption. On the page Quarto's own form is kept.

if not quarto then
  return {}
end

local stringify = pandoc.utils.stringify

local NAMES = { tbl = "Table\u{a0}", fig = "Figure\u{a0}", supptbl = "Table\u{a0}S", suppfig = "Figure\u{a0}S" }

-- See embeds.lua.
local function described(image)
  local alt = image.attributes["fig-alt"]
  if alt then
    image.attributes["fig-alt"] = alt:gsub("{\u{2063}{", "{{")
    return image
  end
end

local function first(blocks, kind)
  local found
  pandoc.Blocks(blocks):walk({
    [kind] = function(element)
      found = found or element
    end,
  })
  return found
end

local function inlines(caption)
  return caption and pandoc.utils.blocks_to_inlines(pandoc.Blocks({ caption }), {}) or pandoc.Inlines({})
end

-- "Table 1: " before a caption, as Quarto prints it.
local function numbered(float, kind)
  local caption = inlines(float.caption_long)
  local order = float.order and float.order.order
  if not order then
    return caption
  end
  local text = NAMES[kind] .. tostring(order) .. (#caption > 0 and ":" or "")
  local shown = FORMAT:match("docx") and pandoc.Strong({ pandoc.Str(text) })
    or pandoc.Span({ pandoc.Str(text) }, pandoc.Attr("", { "float-number" }))
  local result = pandoc.Inlines({ shown })
  if #caption > 0 then
    result:insert(pandoc.Space())
    result:extend(caption)
  end
  return result
end

local function typst(text)
  return pandoc.RawInline("typst", text)
end

local function quoted(text)
  return '"' .. text:gsub("%s+", " "):gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

local function picture(image)
  local said = { quoted(image.src) }
  local width = tonumber((image.attributes.width or ""):match("^(%d+)$"))
  if width then
    said[#said + 1] = string.format("width: %.4gin", width / 96)
  elseif image.attributes.width then
    said[#said + 1] = "width: " .. image.attributes.width
  end
  local alt = image.attributes["fig-alt"] or image.attributes.alt or stringify(image.caption)
  if alt ~= "" then
    said[#said + 1] = "alt: " .. quoted(alt)
  end
  return typst("#box(image(" .. table.concat(said, ", ") .. "))")
end

local function for_typst(float, kind, content)
  local caption = inlines(float.caption_long)
  local tbl = kind:match("tbl$") and first(content, "Table")
  -- At the foot of a page, so that a figure never stands before the text that shows it. In the
  -- supplement, where tables go on over pages and text is scarce, each stays where it is shown.
  local place = (tbl or kind:match("^supp")) and "none" or "bottom"
  local sort = tbl and "table" or "image"
  if kind:match("^supp") then
    local word = NAMES[kind]:gsub("\u{a0}", " ")
    sort = '"quarto-float-' .. kind .. '", supplement: [' .. word .. ']'
  end
  local opened = "#figure(kind: " .. sort .. ", placement: " .. place .. ", caption: ["
  local head = pandoc.Inlines({ typst(opened) })
  head:extend(caption)
  head:insert(typst("])["))
  local result = pandoc.Blocks({ pandoc.Para(head) })
  result:extend(pandoc.Blocks(content):walk({
    Image = picture,
    Table = function(element)
      element.classes:insert("typst:no-figure")
      return element
    end,
  }))
  result:insert(pandoc.RawBlock("typst", "]<" .. float.identifier .. ">"))
  return result
end

local function plain(float, kind, content)
  local caption = { long = pandoc.Blocks({ pandoc.Plain(numbered(float, kind)) }) }
  if kind:match("tbl$") then
    local done = false
    return pandoc.Blocks(content):walk({
      Table = function(tbl)
        if not done then
          done = true
          tbl.identifier, tbl.caption = float.identifier, caption
          return tbl
        end
      end,
    })
  end
  local image = first(content, "Image")
  if not image then
    return nil
  end
  local alt = image.attributes["fig-alt"] or image.attributes.alt or ""
  image.attributes["fig-alt"], image.attributes.alt = nil, alt
  image.caption = pandoc.Inlines(alt)
  return pandoc.Figure({ pandoc.Plain({ image }) }, caption, pandoc.Attr(float.identifier))
end

-- Quarto types the number of a section into its heading; Word and JATS have a place for it.
local function heading(element)
  local number = element.attributes.number
  if not number or element.classes:includes("unnumbered") or FORMAT:match("html") or FORMAT:match("typst") then
    return nil
  end
  local content = element.content
  if #content < 3 or stringify(content[1]) ~= number then
    return nil
  end
  content:remove(1)
  content:remove(1)
  if FORMAT:match("docx") then
    content:insert(1, pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>"))
    content:insert(1, pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", {}, { ["custom-style"] = "Section Number" })))
  else
    content:insert(1, pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "section-number" })))
  end
  return element
end

local function on_meta(meta)
  local said = meta.words or {}
  NAMES.tbl = said.table and stringify(said.table) .. "\u{a0}" or NAMES.tbl
  NAMES.fig = said.figure and stringify(said.figure) .. "\u{a0}" or NAMES.fig
  NAMES.supptbl = said.table and stringify(said.table) .. "\u{a0}S" or NAMES.supptbl
  NAMES.suppfig = said.figure and stringify(said.figure) .. "\u{a0}S" or NAMES.suppfig
end

local function on_image(element)
  return described(element)
end

local function on_header(element)
  return heading(element)
end

local function on_floatreftarget(float)
  local kind = float.identifier:match("^(%a+)-")
  if not NAMES[kind] then
    return nil
  end
  local content = pandoc.utils.type(float.content) == "Blocks" and float.content or { float.content }
  content = pandoc.Blocks(content):walk({ Image = described })
  if FORMAT:match("html") then
    -- the picture has the description; a division has none
    float.attributes.alt = nil
    float.content = content
    return float
  end
  if FORMAT:match("typst") then
    return for_typst(float, kind, content)
  end
  return plain(float, kind, content)
end

-- A figure of Typst's can float only outside of any block.
local function on_div(element)
  if FORMAT:match("typst") and element.classes:includes("quarto-embed-nb-cell") then
    return element.content
  end
end

return {
  { Meta = on_meta },
  { Image = on_image, Header = on_header, FloatRefTarget = on_floatreftarget, Div = on_div },
}
