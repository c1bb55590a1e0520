namespace Deeplay.Torch

open System
open System.Globalization
open System.Text.Json
open System.Text.Json.Nodes
open Deeplay.Core

/// A history as JSON and back.
[<RequireQualifiedAccess>]
module internal HistoryJson =
    /// The history as a JSON text.
    let write (history: History) =
        let epochs = JsonArray()

        for epoch in history.Epochs do
            let metrics = JsonObject()

            for KeyValue(name, value) in epoch.Metrics do
                // JSON has no NaN: a metric that is not finite is a text.
                metrics[name] <-
                    if Double.IsFinite value then
                        JsonValue.Create value
                    else
                        JsonValue.Create(value.ToString CultureInfo.InvariantCulture)

            let entry = JsonObject()
            entry["epoch"] <- JsonValue.Create epoch.Epoch
            entry["step"] <- JsonValue.Create epoch.Step
            entry["metrics"] <- metrics
            epochs.Add(entry :> JsonNode)

        epochs.ToJsonString()

    let private fail path (element: JsonElement) =
        Fail.with' (Malformed(path, "an epoch with epoch, step and metrics", element.GetRawText()))

    let private readNumber path (element: JsonElement) =
        match element.ValueKind, element.ToString() with
        | JsonValueKind.Number, _ -> element.GetDouble()
        | JsonValueKind.String, "NaN" -> nan
        | JsonValueKind.String, "Infinity" -> infinity
        | JsonValueKind.String, "-Infinity" -> -infinity
        | _ -> fail path element

    let private readEpoch path (element: JsonElement) : EpochRecord =
        if element.ValueKind <> JsonValueKind.Object then fail path element

        let field (name: string) kind =
            match element.TryGetProperty name with
            | true, value when value.ValueKind = kind -> value
            | _ -> fail path element

        {
            Epoch = (field "epoch" JsonValueKind.Number).GetInt32()
            Step = (field "step" JsonValueKind.Number).GetInt64()
            Metrics =
                (field "metrics" JsonValueKind.Object).EnumerateObject()
                |> Seq.map (fun metric -> metric.Name, readNumber path metric.Value)
                |> Map.ofSeq
        }

    /// The history that a JSON text describes.
    let read path (json: string) : History =
        try
            use document = JsonDocument.Parse json

            if document.RootElement.ValueKind <> JsonValueKind.Array then fail path document.RootElement

            let epochs = Seq.indexed (document.RootElement.EnumerateArray())
            { Epochs = [ for i, epoch in epochs -> readEpoch $"{path}[{i}]" epoch ] }
        with
        | :? JsonException as error -> Fail.with' (Malformed(path, "JSON", error.Message))
        | :? FormatException as error -> Fail.with' (Malformed(path, "whole numbers", error.Message))
