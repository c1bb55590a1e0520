namespace Deeplay.Plots

open System
open System.Net

/// Pieces of HTML: texts in which everything that came from outside is escaped.
[<RequireQualifiedAccess>]
module internal Html =
    /// A text as HTML shows it.
    let text (text: string) : string = WebUtility.HtmlEncode text

    /// An element around what is HTML already.
    let element (tag: string) (attributes: string) (content: string) : string =
        let attributes = if attributes = "" then "" else " " + attributes
        $"<{tag}{attributes}>{content}</{tag}>"

    /// A section with a heading.
    let section (heading: string) (content: string list) : string =
        element "section" "" (element "h2" "" (text heading) + String.concat "\n" content) + "\n"

    /// A table of texts: its columns, which of them hold numbers, and its rows.
    let table (columns: (string * bool) list) (rows: string list list) : string =
        let kind isNumber = if isNumber then "class=\"number\"" else ""

        let row tag cells =
            List.zip columns cells
            |> List.map (fun ((_, isNumber), cell) -> element tag (kind isNumber) (text cell))
            |> String.concat ""
            |> element "tr" ""

        let head = element "thead" "" (row "th" (List.map fst columns))
        let body = rows |> List.map (row "td") |> String.concat "\n" |> element "tbody" ""
        element "div" "class=\"wide\"" (element "table" "" (head + "\n" + body))

    /// Names and what they are.
    let facts (facts: (string * string) list) : string =
        facts
        |> List.map (fun (name, value) -> element "dt" "" (text name) + element "dd" "" (text value))
        |> String.concat "\n"
        |> element "dl" ""

    /// A picture in the page itself: as SVG where that is not much larger than PNG. `id` is one that no other picture has, `label` what
    /// is said of it to whoever can't see it, `caption` what stands below it.
    let picture (id: string) (label: string) (caption: string) (picture: Picture) : string =
        let svg = picture.SvgWith(id + "-")

        let image =
            if svg.Length <= 400_000 then
                // Without the prolog of a file.
                let element = svg.Substring(svg.IndexOf("<svg ", StringComparison.Ordinal))
                $"<svg role=\"img\" aria-label=\"{text label}\"" + element.Substring 4
            else
                let data = Convert.ToBase64String(picture.ToPng())
                let size = $"width=\"{string picture.Width}\" height=\"{string picture.Height}\""
                $"<img alt=\"{text label}\" {size} src=\"data:image/png;base64,{data}\">"

        element "figure" "" (image + (if caption = "" then "" else element "figcaption" "" (text caption)))

    let private style =
        """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "DejaVu Sans", Arial, sans-serif; color: #222; background: #fff; margin: 0 auto; max-width: 1240px; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid #ddd; padding-bottom: .2rem; }
p { margin: .3rem 0; }
.lead { color: #555; }
.wide { overflow: auto; max-height: 32rem; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; border-bottom: 1px solid #eee; white-space: nowrap; }
thead th { position: sticky; top: 0; background: #fff; color: #555; font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
pre { font: 13px/1.45 "DejaVu Sans Mono", Consolas, monospace; background: #f6f7f8; padding: .8rem; overflow: auto; margin: .5rem 0; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; max-width: 100%; }
figure svg, figure img { max-width: 100%; height: auto; display: block; }
figcaption { color: #555; font-size: .85rem; }
.key { display: inline-block; width: 1.4rem; height: .2rem; vertical-align: middle; margin: 0 .4rem 0 0; }
.keys span + span { margin-left: 1.2rem; }
@media (max-width: 520px) { body { padding: .8rem; } dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
"""

    /// A whole page: nothing in it is fetched from elsewhere, and it has no script.
    let page (title: string) (content: string list) : string =
        String.concat
            "\n"
            [
                "<!DOCTYPE html>"
                "<html lang=\"en\">"
                "<head>"
                "<meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                element "title" "" (text title)
                element "style" "" style
                "</head>"
                "<body>"
                yield! content
                "</body>"
                "</html>"
                ""
            ]
