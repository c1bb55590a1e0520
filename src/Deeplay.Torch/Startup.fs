namespace global

/// Run by .NET before a program's `main` where the program's configuration names this assembly among its startup hooks,
/// which Deeplay.Torch.props sees to.
[<AbstractClass; Sealed>]
type internal StartupHook =
    static member Initialize() : unit = Deeplay.Torch.Native.prepare ()
