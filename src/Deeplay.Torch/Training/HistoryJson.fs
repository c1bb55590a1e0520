namespace Deeplay.Torch

open System.Text.Json
open System.Text.Json.Serialization
open System.Text.Json.Serialization.Metadata
open Deeplay.Core

/// A history as JSON and back.
[<RequireQualifiedAccess>]
module internal HistoryJson =
    // JSON has no NaN: a metric that is not finite is a text.
    let private options =
        JsonSerializerOptions(
            // A program in one file is set up for native compilation, which leaves this out unless it is asked for.
            TypeInfoResolver = DefaultJsonTypeInfoResolver(),
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectRequiredConstructorParameters = true
        )

    /// The history as a JSON text.
    let write (history: History) = JsonSerializer.Serialize(history.Epochs, options)

    /// The history that a JSON text describes.
    let read path (json: string) : History =
        let fail found = Fail.with' (Malformed(path, "epochs with epoch, step and metrics", found))
        let isNone (epoch: EpochRecord) = isNull (box epoch) || isNull (box epoch.Metrics)

        let epochs =
            try
                JsonSerializer.Deserialize<EpochRecord list>(json, options)
            with :? JsonException as error ->
                fail error.Message

        if isNull (box epochs) || List.exists isNone epochs then fail json

        { Epochs = epochs }
