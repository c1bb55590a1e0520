namespace Deeplay.Torch

open System
open TorchSharp

/// A point on a line through the loss: how far along, the loss there, its gradient, and its slope along the line.
[<NoEquality; NoComparison>]
type internal LinePoint = { Step: float; Loss: float; Gradient: Tensor; Slope: float }

/// A step along a line that satisfies the strong Wolfe conditions. Source: Nocedal and Wright, 2006, Numerical Optimization, algorithms
/// 3.5 and 3.6 and equation 3.59; bounds and constants are those of torch.optim.LBFGS.
module internal LineSearch =
    // How much of the decrease that the slope promises is demanded, and how much flatter it must be.
    let private decrease, flatness = 1e-4, 0.9
    let private most = 25
    // No number of the step changes by more, where the bracket is that small.
    let private tolerance = 1e-9

    /// The minimum of the cubic through two points with these slopes, between bounds.
    let cubic (a: LinePoint) (b: LinePoint) (low: float) (high: float) : float =
        let a, b = if a.Step <= b.Step then a, b else b, a
        let mean = a.Slope + b.Slope - 3.0 * (a.Loss - b.Loss) / (a.Step - b.Step)
        let square = mean * mean - a.Slope * b.Slope

        if square >= 0.0 then
            let root = sqrt square
            let place = b.Step - (b.Step - a.Step) * ((b.Slope + root - mean) / (b.Slope - a.Slope + 2.0 * root))
            min (max place low) high
        else
            (low + high) / 2.0

    /// The point that was found, and how often the loss was computed. `at` gives the point at a step, `start` is that at 0, `first`
    /// the step that is tried first, `size` the largest number of the direction.
    let search (at: float -> LinePoint) (start: LinePoint) (first: float) (size: float) =
        let mutable evaluations = 0

        let evaluate step =
            evaluations <- evaluations + 1
            at step

        let isTooHigh (point: LinePoint) = point.Loss > start.Loss + decrease * point.Step * start.Slope
        let isFlat (point: LinePoint) = abs point.Slope <= -flatness * start.Slope

        // Steps grow until a good one is between the last two, or is found.
        let rec bracket tries (before: LinePoint) (point: LinePoint) =
            if tries = most then
                struct (start, point, tries, false)
            elif isTooHigh point || (tries > 1 && point.Loss >= before.Loss) then
                struct (before, point, tries, false)
            elif isFlat point then
                struct (point, point, tries, true)
            elif point.Slope >= 0.0 then
                struct (before, point, tries, false)
            else
                let low = point.Step + 0.01 * (point.Step - before.Step)
                let next = evaluate (cubic before point low (point.Step * 10.0))
                bracket (tries + 1) point next

        // Nor near an end twice in a row: then it is drawn a tenth inwards.
        let inward (low: float) (high: float) wasNear (step: float) =
            let tenth = 0.1 * (high - low)

            if min (high - step) (step - low) >= tenth then struct (step, false)
            elif not wasNear && step < high && step > low then struct (step, true)
            elif abs (step - high) < abs (step - low) then struct (high - tenth, false)
            else struct (low + tenth, false)

        let rec zoom tries wasNear (best: LinePoint) (other: LinePoint) =
            if tries >= most || abs (other.Step - best.Step) * size < tolerance then
                best
            else
                let low, high = min best.Step other.Step, max best.Step other.Step
                let struct (step, isNear) = inward low high wasNear (cubic best other low high)
                let point = evaluate step

                if isTooHigh point || point.Loss >= best.Loss then
                    if best.Loss <= point.Loss then
                        zoom (tries + 1) isNear best point
                    else
                        zoom (tries + 1) isNear point best
                elif isFlat point then
                    point
                elif point.Slope * (other.Step - best.Step) >= 0.0 then
                    zoom (tries + 1) isNear point best
                else
                    zoom (tries + 1) isNear point other

        let struct (a, b, tries, isFound) = bracket 0 start (evaluate first)
        let best, other = if a.Loss <= b.Loss then a, b else b, a
        let found = if isFound then best else zoom tries false best other
        struct (found, evaluations)
