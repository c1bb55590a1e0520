namespace Deeplay.Torch

/// Where an image is locally largest.
module internal LocalMaxima =
    /// The maxima of an image of so many columns that rise by at least `height` above what separates them from higher ones, the
    /// highest first, by their places in the image. A plateau is one maximum. Source: Soille, 2003, Morphological Image Analysis,
    /// section 6.3.4: h-maxima, over eight neighbours.
    // From the highest place downward, each joins what is around it. Where two rises meet, the lower one ends: what it rose above that
    // place is how much it stands out.
    let higherBy (height: float) (columns: int) (image: float[]) : int list =
        let rows = image.Length / columns
        let parent = Array.create image.Length -1
        // The order is that of places where values are equal.
        let order = Array.init image.Length id |> Array.sortBy (fun place -> struct (-image[place], place))
        let ended = Array.create image.Length false

        let rec root place = if parent[place] = place then place else root parent[place]

        let find place =
            let top = root place
            let mutable at = place

            while parent[at] <> top do
                let next = parent[at]
                parent[at] <- top
                at <- next

            top

        // A rise is known by its highest place, which comes before all others of it.
        let rank = Array.create image.Length 0
        order |> Array.iteri (fun i place -> rank[place] <- i)

        for place in order do
            parent[place] <- place
            let row, column = place / columns, place % columns

            for r in max 0 (row - 1) .. min (rows - 1) (row + 1) do
                for c in max 0 (column - 1) .. min (columns - 1) (column + 1) do
                    let other = r * columns + c

                    if other <> place && parent[other] >= 0 then
                        let a, b = find place, find other

                        if a <> b then
                            let high, low = if rank[a] < rank[b] then a, b else b, a
                            let rise = image[low] - image[place]
                            if rise < height || rise = 0.0 then ended[low] <- true
                            parent[low] <- high

        [
            for place in order do
                if not ended[place] then place
        ]
