namespace Deeplay.Core

/// Carries typed errors through code that can't return a `Result`, such as the body of a definition's `init`.
/// The public functions of the core catch it and give `Error`.
type DeeplayException = Deeplay.DeeplayException

[<RequireQualifiedAccess>]
module Fail =
    /// The exception that carries these errors.
    let exceptionOf (errors: Error list) : exn = DeeplayException errors

    /// Stops with typed errors.
    let withAll (errors: Error list) : 'a = raise (exceptionOf errors)

    /// Stops with one typed error.
    let with' error : 'a = withAll [ error ]

    /// Runs `work`, giving its typed errors as a `Result`.
    let catch (work: unit -> 'a) : Result<'a, Error list> =
        try
            Ok(work ())
        with :? DeeplayException as failure ->
            Error failure.All

    /// The value, or the errors raised again.
    let unwrap (result: Result<'a, Error list>) : 'a =
        match result with
        | Ok value -> value
        | Error errors -> withAll errors
