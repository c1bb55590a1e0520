namespace Deeplay.Torch

open Deeplay.Core
open System.Text.Json
open System.Text.Json.Nodes

/// A history as JSON and back.
[<RequireQualifiedAccess>]
module internal HistoryJson =
    // JSON has no NaN: a metric that is not finite is written as a text.
    let private writeNumber (value: float) : JsonNode =
        if System.Double.IsFinite value then
            JsonValue.Create value
        else
            JsonValue.Create(value.ToString System.Globalization.CultureInfo.InvariantCulture)

    /// The history as a JSON text.
    let write (history: History) =
        let epochs = JsonArray()

        for epoch in history.Epochs do
            let metrics = JsonObject()

            for KeyValue(name, value) in epoch.Metrics do
                metrics[name] <- writeNumber value

            let entry = JsonObject()
            entry["epoch"] <- JsonValue.Create epoch.Epoch
            entry["step"] <- JsonValue.Create epoch.Step
            entry["metrics"] <- metrics
            epochs.Add(entry :> JsonNode)

        epochs.ToJsonString()

    let private fail path (element: JsonElement) =
        Fail.with' (Malformed(path, "an epoch with epoch, step and metrics", element.GetRawText()))

    let private readNumber path (element: JsonElement) =
        match element.ValueKind with
        | JsonValueKind.Number -> element.GetDouble()
        | JsonValueKind.String ->
            match element.GetString() with
            | "NaN" -> nan
            | "Infinity" -> infinity
            | "-Infinity" -> -infinity
            | _ -> fail path element
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

            {
                Epochs =
                    [
                        for i, epoch in Seq.indexed (document.RootElement.EnumerateArray()) ->
                            readEpoch $"{path}[{i}]" epoch
                    ]
            }
        with
        | :? JsonException as error -> Fail.with' (Malformed(path, "JSON", error.Message))
        | :? System.FormatException as error -> Fail.with' (Malformed(path, "whole numbers", error.Message))
