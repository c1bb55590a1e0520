namespace Deeplay.Plots

open System
open System.Text
open Deeplay.Core
open Deeplay.Torch

/// What a page of a run tells besides what the application knows: `{ RunPage.defaults with Options = Some options }`.
[<NoEquality; NoComparison>]
type RunPage =
    {
        /// Its heading; None for the kind of the application.
        Title: string option
        /// The options that it was trained with.
        Options: FitOptions option
        /// What a test gave, such as `Application.test`; may be empty.
        Test: Map<string, float>
        /// Pictures with what stands below them, such as a confusion matrix.
        Pictures: (string * Picture) list
    }

/// A page of a run: one HTML file that shows without a network and without scripts what was trained, how, and what came of it.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module RunPage =
    /// What the application knows by itself.
    let defaults: RunPage = { Title = None; Options = None; Test = Map.empty; Pictures = [] }

    /// The page as HTML: results, learning curves, pictures, loss and optimizer, options, the model's tree with shapes and numbers of
    /// parameters, the history as a table, versions.
    let toHtml (page: RunPage) (application: Application) : string =
        let title = page.Title |> Option.defaultWith (fun () -> application.Spec.Definition.Id)

        Html.page
            title
            [
                Html.element "h1" "" (Html.text title)
                PageParts.lead application
                yield! PageParts.results (Map.toList page.Test) application.History
                yield! PageParts.curves application.History
                yield! PageParts.pictures page.Pictures
                yield! PageParts.training application.Spec
                yield! page.Options |> Option.map PageParts.options |> Option.toList
                PageParts.model application
                yield! PageParts.history application.History
                PageParts.versions application
            ]

    /// Writes the page as an HTML file, which appears whole or not at all.
    let saveWith (page: RunPage) (path: string) (application: Application) : unit =
        let html = Encoding.UTF8.GetBytes(toHtml page application)
        WholeFile.write path (fun file -> file.Write(ReadOnlySpan html))

    /// The same, with what the application knows by itself.
    let save (path: string) (application: Application) : unit = saveWith defaults path application
