namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What a node gets from the edges that end in it: of (nodes, …), (2, edges) and (edges, features) one row for each node.
module private Propagation =
    /// The node that each edge starts from.
    let senders edgeIndex = Op.select 0 0 edgeIndex

    /// The node that each edge ends in.
    let receivers edgeIndex = Op.select 0 1 edgeIndex

    /// A row of zeros for each node, as wide as what the edges carry.
    let private zeros x edgeAttr = Op.newZeros [ Op.size 0 x; Op.size 1 edgeAttr ] edgeAttr

    let sum x edgeIndex edgeAttr = Op.indexAdd 0 (zeros x edgeAttr) (receivers edgeIndex) edgeAttr

    /// The mean; zeros where no edge ends.
    let mean x edgeIndex edgeAttr =
        let one = Op.newOnes [ Op.size 0 edgeAttr; Op.int 1 ] edgeAttr
        sum x edgeIndex edgeAttr / Op.clampMin 1.0 (sum x edgeIndex one)

    /// A product or an extreme; zeros where no edge ends.
    let reduce how x edgeIndex edgeAttr =
        let places = receivers edgeIndex |> Op.unsqueeze 1 |> Op.expand [ Op.size 0 edgeAttr; Op.size 1 edgeAttr ]

        Op.scatterReduce 0 how false (zeros x edgeAttr) places edgeAttr

    let inputs = [ "x"; "edge_index"; "edge_attr" ]

    let create id inputs more (forward: Sym list -> Sym) documentation shapes =
        Definition.create id [] (fun _ -> init { return forwardOf inputs forward })
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes
        |> Definition.withSource $"Deeplay, {id}"
        |> Definition.withExample
            []
            ([ Example.tensor [ 4; 3 ]; Example.whole 4 [ 2; 6 ]; Example.tensor [ 6; 5 ] ] @ more)

    let over id forward documentation =
        create
            id
            inputs
            []
            (fun given -> forward given[0] given[1] given[2])
            documentation
            "x (nodes, …), edge_index (2, edges), edge_attr (edges, features) → (nodes, features)"

module internal Sum =
    let definition = Propagation.over "Sum" Propagation.sum "The sum of what the edges carry that end in a node."

module internal WeightedSum =
    let definition =
        Propagation.create
            "WeightedSum"
            (Propagation.inputs @ [ "weights" ])
            [ Example.tensor [ 6; 1 ] ]
            (fun given -> Propagation.sum given[0] given[1] (given[2] * given[3]))
            "The sum of what the edges carry that end in a node, each times its weight."
            "x (nodes, …), edge_index (2, edges), edge_attr (edges, features), weights (edges, 1) → (nodes, features)"

module internal Mean =
    let definition =
        Propagation.over
            "Mean"
            Propagation.mean
            "The mean of what the edges carry that end in a node; zeros where none ends."

module internal Prod =
    let definition =
        Propagation.over
            "Prod"
            (Propagation.reduce "prod")
            "The product of what the edges carry that end in a node; zeros where none ends."

module internal Min =
    let definition =
        Propagation.over
            "Min"
            (Propagation.reduce "amin")
            "The least of what the edges carry that end in a node; zeros where none ends."

module internal Max =
    let definition =
        Propagation.over
            "Max"
            (Propagation.reduce "amax")
            "The largest of what the edges carry that end in a node; zeros where none ends."

/// A weight for each edge that gets smaller with distance.
module internal LearnableDistanceWeighting =
    let initSigma = Key.number "init_sigma" 0.12 "What sigma starts from: the distance up to which edges count."
    let initBeta = Key.number "init_beta" 4.0 "What beta starts from: how sharply the weights fall."

    let private limits name least most documentation : Param<float list> =
        Param.list (Param.float name)
        |> Param.withCheck "two floats, the lower one first" (fun limits ->
            match limits with
            | [ least; most ] -> least <= most
            | _ -> false)
        |> Param.withDefault [ least; most ]
        |> Param.withDocumentation documentation

    let sigmaLimit = limits "sigma_limit" 0.002 1.0 "The bounds within which sigma counts."
    let betaLimit = limits "beta_limit" 1.0 10.0 "The bounds within which beta counts."

    let definition =
        Definition.create "LearnableDistanceWeighting" [ initSigma; initBeta; sigmaLimit; betaLimit ] (fun arguments ->
            let within (limits: Param<float list>) x =
                let limits = arguments.Get limits
                Op.clamp limits[0] limits[1] x

            init {
                let! sigma = parameter "sigma" [] (Initial.constant (arguments.Get initSigma))
                let! beta = parameter "beta" [] (Initial.constant (arguments.Get initBeta))

                return
                    forward (fun distance ->
                        let scale = 2.0 * Op.square (within sigmaLimit sigma)
                        Op.exp (-Op.powTensor (Op.square distance / scale) (within betaLimit beta)))
            })
        |> Definition.withDocumentation
            "A weight for each distance, exp(-(d² / 2σ²)^β), which falls from 1 to 0 as its two learned numbers say."
        |> Definition.withExtra (Extra.named [ initSigma.Name; initBeta.Name ])
        |> Definition.withShapes "(…) → the same"
        |> Definition.withSource
            "Pineda et al., 2023, Geometric deep learning reveals the spatiotemporal features of microscopic motion"
        |> Definition.withSource "Deeplay, LearnableDistancewWeighting"
        |> Definition.withExample [] [ Example.tensor [ 6; 1 ] ]
