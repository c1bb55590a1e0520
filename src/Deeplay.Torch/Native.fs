namespace Deeplay.Torch

open System
open System.IO
open System.Reflection
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Loader
open Deeplay.Core
open Microsoft.Win32.SafeHandles
open TorchSharp

/// The native libraries of TorchSharp, which a program chooses by a package of its own.
[<RequireQualifiedAccess>]
module Native =
    [<DllImport("libc", SetLastError = true)>]
    extern int private memfd_create(string name, uint32 flags)

    let private missing =
        Unavailable "no native libtorch: add TorchSharp-cpu or TorchSharp-cuda-linux to this project"

    let private libtorch = "libtorch_cpu.so"

    // GCC 13's. TorchSharp's library asks for it by one symbol that nothing in it refers to; GCC 12's runtime (Debian
    // 12, Ubuntu 22.04) lacks it, and has all else.
    let private superfluous = "GLIBCXX_3.4.32"

    let private split (paths: obj) = (string paths).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)

    let private hostFolders () = split (AppContext.GetData "NATIVE_DLL_SEARCH_DIRECTORIES") |> List.ofArray

    // Of a program, the folders that its host names, its own, and TorchSharp's. Of a script, those that `dotnet fsi`
    // puts on the PATH for each package.
    let private folders () =
        let system = $"linux-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant()
        let inPackage = Path.Combine("runtimes", system, "native")
        let own = [ AppContext.BaseDirectory; Path.GetDirectoryName typeof<torch>.Assembly.Location ]

        [
            yield! hostFolders ()
            for folder in own do
                if not (String.IsNullOrEmpty folder) then
                    folder
                    Path.Combine(folder, inPackage)
            for folder in split (Environment.GetEnvironmentVariable "PATH") do
                if folder.TrimEnd('/').EndsWith(inPackage, StringComparison.Ordinal) then folder
        ]

    let private find name = folders () |> Seq.map (fun folder -> Path.Combine(folder, name)) |> Seq.tryFind File.Exists

    // Without the version that is superfluous, it is loaded from a copy in memory: no file is changed.
    let private loadTorchSharp (path: string) : nativeint =
        try
            NativeLibrary.Load path
        with :? DllNotFoundException as e when e.Message.Contains $"`{superfluous}' not found" ->
            match VersionNeeds.optional superfluous (File.ReadAllBytes path) with
            | None -> reraise ()
            | Some library ->
                let descriptor = memfd_create (Path.GetFileName path, 1u) // MFD_CLOEXEC
                use file = new FileStream(new SafeFileHandle(nativeint descriptor, true), FileAccess.Write)
                file.Write library
                file.Flush()
                NativeLibrary.Load $"/proc/self/fd/{string descriptor}"

    // By their full paths and in this order, for a libtorch of the system has the same names.
    let private loadAll () : nativeint option =
        match find "libLibTorchSharp.so", find libtorch with
        | Some torchSharp, Some libtorch ->
            for name in [ "libc10.so"; libtorch; "libtorch_cuda.so"; "libtorch.so" ] do
                let path = Path.Combine(Path.GetDirectoryName libtorch, name)

                if File.Exists path then NativeLibrary.Load path |> ignore

            Some(loadTorchSharp torchSharp)
        | _ -> None

    // Elsewhere TorchSharp's own loading does: what is mended here are Linux's runtimes and its system-wide libtorch.
    let private problem =
        lazy
            (try
                if OperatingSystem.IsLinux() && (loadAll ()).IsNone then
                    Some missing
                else
                    RuntimeHelpers.RunClassConstructor typeof<torch>.TypeHandle
                    None
             with
             | :? DllNotFoundException as e -> Some(Unavailable $"the native libtorch does not load: {e.Message}")
             | :? TypeInitializationException -> Some missing)

    /// Makes sure that TorchSharp's natives are loaded; a typed error says what is missing. All of Deeplay that makes
    /// tensors calls it. A program that calls TorchSharp itself before anything of Deeplay calls it first.
    let load () = problem.Value |> Option.iter Fail.with'

    /// The versions of TorchSharp and libtorch that this program runs on.
    let describe () =
        load ()

        let version =
            typeof<torch>.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion

        $"TorchSharp {version.Split('+')[0]}, libtorch {torch.__version__}"

    // Where the host itself finds libtorch, TorchSharp's own loading comes as far as its own library: that much is
    // cheap to wait for. Anywhere else the first to be found would be a libtorch of the system.
    let private prepared =
        lazy
            (let context = AssemblyLoadContext.GetLoadContext(typeof<torch>.Assembly)

             if hostFolders () |> List.exists (fun folder -> File.Exists(Path.Combine(folder, libtorch))) then
                 context.add_ResolvingUnmanagedDll (fun _ name ->
                     if name = "LibTorchSharp" then loadAll () |> Option.defaultValue 0n else 0n)
             else
                 loadAll () |> ignore)

    /// Lets a program call TorchSharp itself before anything of Deeplay. Says nothing where natives are missing: it runs
    /// when a program starts (`StartupHook`), and many need none.
    let prepare () =
        try
            if OperatingSystem.IsLinux() then prepared.Force()
        with :? DllNotFoundException ->
            ()
