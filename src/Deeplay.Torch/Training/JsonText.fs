namespace Deeplay.Torch

open System.Text.Json
open System.Text.Json.Serialization
open System.Text.Json.Serialization.Metadata
open Deeplay.Core

/// What a run keeps, as JSON and back: records, lists and maps of numbers and texts.
[<RequireQualifiedAccess>]
module internal JsonText =
    // JSON has no NaN: a number that is not finite is a text.
    let private options =
        JsonSerializerOptions(
            // A program in one file is set up for native compilation, which leaves this out unless it is asked for.
            TypeInfoResolver = DefaultJsonTypeInfoResolver(),
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectRequiredConstructorParameters = true
        )

    /// The JSON text of a value.
    let write (value: 'T) : string = JsonSerializer.Serialize(value, options)

    /// The value that a text describes, which must be whole; what is no such text is an error that says what was expected where.
    let read (where: string) (expected: string) (isWhole: 'T -> bool) (json: string) : 'T =
        let fail found = Fail.with' (Malformed(where, expected, found))

        let value =
            try
                JsonSerializer.Deserialize<'T>(json, options)
            with :? JsonException as error ->
                fail error.Message

        if isNull (box value) || not (isWhole value) then fail json
        value
