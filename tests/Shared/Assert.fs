/// Expecto's `Expect`, with what is expected first and without a message, for the name of a test says what it is about.
module Deeplay.Tests.Assert

open System
open Expecto

/// That both are equal.
let equal (expected: 'a) (found: 'a) = Expect.equal found expected "not equal"

/// That they differ.
let notEqual (unwanted: 'a) (found: 'a) = Expect.notEqual found unwanted "equal"

/// That both are one object.
let same (expected: 'a) (found: 'a) =
    Expect.isTrue (Object.ReferenceEquals(expected, found)) $"{found} is another object"

/// That they are two objects, equal or not.
let notSame (unwanted: 'a) (found: 'a) =
    Expect.isFalse (Object.ReferenceEquals(unwanted, found)) $"{found} is the same object"

/// That the condition holds.
let isTrue condition = Expect.isTrue condition "it does not hold"

/// That the condition does not hold.
let isFalse condition = Expect.isFalse condition "it holds"

/// That there are no elements.
let empty (found: 'a seq) = Expect.isEmpty found "not empty"

/// That there are elements.
let notEmpty (found: 'a seq) = Expect.isNonEmpty found "empty"

/// That it is among the elements.
let contains (element: 'a) (found: 'a seq) = Expect.contains found element "an element is missing"

/// That it is not among the elements.
let doesNotContain (unwanted: 'a) (found: 'a seq) =
    Expect.isFalse (Seq.contains unwanted found) $"{unwanted} is an element"

/// That the text has this part.
let containsText (part: string) (found: string) = Expect.stringContains found part "a part is missing"

/// That the text begins with this part.
let startsWith (part: string) (found: string) = Expect.stringStarts found part "another beginning"

/// That the text ends with this part.
let endsWith (part: string) (found: string) = Expect.stringEnds found part "another end"

/// That the value lies between the bounds, or is one of them.
let inRange low high found = Expect.isTrue (low <= found && found <= high) $"{found} is not from {low} to {high}"

/// The exception of this type, or derived from it, that the work ends with.
let throws<'e when 'e :> exn> (work: unit -> unit) : 'e =
    Expect.throwsC work (fun error ->
        match error with
        | :? 'e as error -> error
        | other -> failtest $"{other.GetType().Name} instead of {typeof<'e>.Name}")
