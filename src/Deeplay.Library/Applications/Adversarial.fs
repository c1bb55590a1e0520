namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Models that learn from each other: one makes images, another tells them from real ones.
module internal Adversarial =
    let private part name documentation = Param.spec name |> Param.withDocumentation documentation
    let generator = part "generator" "What makes images out of random numbers."
    let discriminator = part "discriminator" "What tells how likely images are to be real."

    // Source: Radford et al., 2015, section 4; Zhu et al., 2017, section 4: Adam with a step size of 0.0002; β1 is 0.5.
    let private optimizer name of' =
        Param.spec name
        |> Param.withDefault (
            Spec.create
                Optimizers.adamDefinition
                (Map.ofList [ Optimizers.lr => 2e-4; Optimizers.betas => [ 0.5; 0.999 ] ])
        )
        |> Param.withDocumentation $"Steps {of'}, by Adam where nothing else is said."

    let private lossOf name (kind: Definition) documentation =
        Param.spec name
        |> Param.withDefault (Spec.create kind Map.empty)
        |> Param.withDocumentation documentation

    let adversarialLoss =
        lossOf
            "loss"
            Losses.bceDefinition
            "Compares what the discriminator gives with 1 for real and 0 for made images."

    let generatorOptimizer = optimizer "generator_optimizer" "the generator"
    let discriminatorOptimizer = optimizer "discriminator_optimizer" "the discriminator"

    let latentShape =
        Param.list (Param.int "latent_shape" |> Param.atLeast 1)
        |> Param.withDefault [ 100; 1; 1 ]
        |> Param.withDocumentation "The shape of the random numbers that the generator takes, without the batch."

    let numClasses = Key.positive "num_classes" "The number of classes." |> Param.withDefault 10

    /// An optimizer of the modules that a selector selects.
    let stepping name (spec: ModuleSpec) (selector: string) : Init<unit> =
        init {
            let! optimizer = child name spec
            do! configure optimizer Optimizers.parameters.Name (Text selector)
        }

    let create id (parameters: Param list) documentation shapes init =
        Definition.create id parameters init
        |> Definition.withBase Applications.trainable
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes

module internal GAN =
    let generator = Adversarial.generator
    let discriminator = Adversarial.discriminator
    let latentShape = Adversarial.latentShape
    let loss = Adversarial.adversarialLoss
    let generatorOptimizer = Adversarial.generatorOptimizer
    let discriminatorOptimizer = Adversarial.discriminatorOptimizer

    /// The body of a GAN: with `classes` generator and discriminator take the class of each image, too.
    let internal body (classes: Param<int> option) (a: Arguments) : Init<Forward> =
        init {
            let! _ = child "loss" (a.Get loss)
            do! Adversarial.stepping "generator_optimizer" (a.Get generatorOptimizer) "generator"
            do! Adversarial.stepping "discriminator_optimizer" (a.Get discriminatorOptimizer) "discriminator"
            let! makes = child "generator" (a.Get generator)
            let! judges = child "discriminator" (a.Get discriminator)

            // So that widths of both are inferred, and misfits are found, before anything is made.
            return
                forwardMany [ "input" ] (fun inputs ->
                    let images = inputs.Head
                    let count = Op.size 0 images

                    let given =
                        match classes with
                        | Some classes -> [ Op.randint 0 (a.Get classes) [ count ] images ]
                        | None -> []

                    let noise = Op.randn (count :: List.map Op.int (a.Get latentShape)) images
                    [ callOn judges (images :: given); callOn makes (noise :: given) ])
        }

    let private parameters: Param list =
        [ generator; discriminator; latentShape; loss; generatorOptimizer; discriminatorOptimizer ]

    let definition =
        Adversarial.create
            "GAN"
            parameters
            "Trains a generator to make images that a discriminator takes for real, and the discriminator to tell them apart."
            "images → how real they are, and as many that are made"
            (body None)
        |> Definition.withPositional [ generator; discriminator ]
        |> Definition.withSource "Goodfellow et al., 2014, Generative Adversarial Nets"
        |> Definition.withExample
            [
                generator => Spec.create DCGANGenerator.definition Map.empty
                discriminator => Spec.create DCGANDiscriminator.definition Map.empty
            ]
            [ Example.tensor [ 2; 1; 64; 64 ] ]
        |> Definition.withSource
            "Radford et al., 2015, Unsupervised Representation Learning with Deep Convolutional GANs"

module internal ConditionalGAN =
    let generator = GAN.generator
    let discriminator = GAN.discriminator
    let numClasses = Adversarial.numClasses
    let latentShape = GAN.latentShape
    let loss = GAN.loss
    let generatorOptimizer = GAN.generatorOptimizer
    let discriminatorOptimizer = GAN.discriminatorOptimizer

    let definition =
        Adversarial.create
            "ConditionalGAN"
            [
                generator
                discriminator
                numClasses
                latentShape
                loss
                generatorOptimizer
                discriminatorOptimizer
            ]
            "A GAN that makes images of a class: the targets are classes, which generator and discriminator take as a second input."
            "images → how real they are, and as many that are made, both for classes at random"
            (GAN.body (Some numClasses))
        |> Definition.withPositional [ numClasses; generator; discriminator ]
        |> Definition.withSource "Mirza and Osindero, 2014, Conditional Generative Adversarial Nets"
        |> Definition.withExample
            [
                numClasses => 10
                generator
                => Spec.create DCGANGenerator.definition (Map.ofList [ DCGANGenerator.classConditionedModel => true ])
                discriminator
                => Spec.create
                    DCGANDiscriminator.definition
                    (Map.ofList [ DCGANDiscriminator.classConditionedModel => true ])
            ]
            [ Example.tensor [ 2; 1; 64; 64 ] ]

module internal CycleGAN =
    let private part name documentation = Param.spec name |> Param.withDocumentation documentation
    let generatorAb = part "generator_ab" "What makes images of the second kind out of those of the first."
    let generatorBa = part "generator_ba" "What makes images of the first kind out of those of the second."
    let discriminatorA = part "discriminator_a" "What tells how likely images are to be real ones of the first kind."
    let discriminatorB = part "discriminator_b" "What tells how likely images are to be real ones of the second kind."

    let private lossOf name (kind: Definition) documentation =
        Param.spec name
        |> Param.withDefault (Spec.create kind Map.empty)
        |> Param.withDocumentation documentation

    let loss =
        lossOf "loss" Losses.mseDefinition "Compares what a discriminator gives with 1 for real and 0 for made images."

    let cycleLoss =
        lossOf "cycle_loss" Losses.l1Definition "Compares images that went there and back with what they were."

    let identityLoss =
        lossOf
            "identity_loss"
            Losses.l1Definition
            "Compares images with what becomes of them where they are of the kind already."

    let cycleLossWeight = Key.notNegative "cycle_loss_weight" 10.0 "What cycle_loss is multiplied by."
    let identityLossWeight = Key.notNegative "identity_loss_weight" 5.0 "What identity_loss is multiplied by."
    let generatorOptimizer = Adversarial.generatorOptimizer
    let discriminatorOptimizer = Adversarial.discriminatorOptimizer

    let definition =
        Adversarial.create
            "CycleGAN"
            [
                generatorAb
                generatorBa
                discriminatorA
                discriminatorB
                loss
                cycleLoss
                identityLoss
                cycleLossWeight
                identityLossWeight
                generatorOptimizer
                discriminatorOptimizer
            ]
            "Trains two generators to make images of one kind out of those of another, each way, without pairs: what goes there and back must be what it was."
            "images of two kinds → what becomes of the first, of the second, and how real both are"
            (fun a ->
                init {
                    let! _ = child "loss" (a.Get loss)
                    let! _ = child "cycle_loss" (a.Get cycleLoss)
                    let! _ = child "identity_loss" (a.Get identityLoss)

                    do!
                        Adversarial.stepping
                            "generator_optimizer"
                            (a.Get generatorOptimizer)
                            "generator_ab|generator_ba"

                    do!
                        Adversarial.stepping
                            "discriminator_optimizer"
                            (a.Get discriminatorOptimizer)
                            "discriminator_a|discriminator_b"

                    let! ab = child "generator_ab" (a.Get generatorAb)
                    let! ba = child "generator_ba" (a.Get generatorBa)
                    let! ofA = child "discriminator_a" (a.Get discriminatorA)
                    let! ofB = child "discriminator_b" (a.Get discriminatorB)

                    return
                        forwardMany [ "a"; "b" ] (function
                            | [ a; b ] -> [ call ab a; call ba b; call ofA a; call ofB b ]
                            | _ -> invalidOp "two inputs")
                })
        |> Definition.withPositional [ generatorAb; generatorBa; discriminatorA; discriminatorB ]
        |> Definition.withSource
            "Zhu et al., 2017, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks"
        |> Definition.withExample
            [
                generatorAb => Spec.create CycleGANResnetGenerator.definition Map.empty
                generatorBa => Spec.create CycleGANResnetGenerator.definition Map.empty
                discriminatorA => Spec.create CycleGANDiscriminator.definition Map.empty
                discriminatorB => Spec.create CycleGANDiscriminator.definition Map.empty
            ]
            [ Example.tensor [ 2; 1; 32; 32 ]; Example.tensor [ 2; 1; 32; 32 ] ]
