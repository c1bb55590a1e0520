namespace TorchSharp;

/// <summary>A loss function as a module.</summary>
public abstract class Loss<T1, T2, TResult> : torch.nn.Module<T1, T2, TResult>
{
    public Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(string.Empty) => this.reduction = reduction;

    public torch.nn.Reduction reduction { get; }
}

/// <summary>A loss function with a weight for each class or element.</summary>
public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
{
    public WeightedLoss(torch.Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(reduction) => this.weight = weight;

    public torch.Tensor? weight { get; }
}

/// <summary>A loss function as a module.</summary>
public abstract class Loss<T1, T2, T3, TResult> : torch.nn.Module<T1, T2, T3, TResult>
{
    public Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(string.Empty) => this.reduction = reduction;

    public torch.nn.Reduction reduction { get; }
}

/// <summary>A loss function with a weight for each class or element.</summary>
public abstract class WeightedLoss<T1, T2, T3, TResult> : Loss<T1, T2, T3, TResult>
{
    public WeightedLoss(torch.Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(reduction) => this.weight = weight;

    public torch.Tensor? weight { get; }
}

/// <summary>A loss function as a module.</summary>
public abstract class Loss<T1, T2, T3, T4, TResult> : torch.nn.Module<T1, T2, T3, T4, TResult>
{
    public Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(string.Empty) => this.reduction = reduction;

    public torch.nn.Reduction reduction { get; }
}

/// <summary>A loss function with a weight for each class or element.</summary>
public abstract class WeightedLoss<T1, T2, T3, T4, TResult> : Loss<T1, T2, T3, T4, TResult>
{
    public WeightedLoss(torch.Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(reduction) => this.weight = weight;

    public torch.Tensor? weight { get; }
}
