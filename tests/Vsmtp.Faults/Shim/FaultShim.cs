using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.Faults.Shim;

/// <summary>faults.c, preloaded into servers, and the memory that they share with this process: what is set here they do at once.</summary>
internal sealed class FaultShim : IDisposable
{
    private static readonly string Source = Path.Combine(SourceTree.Root, "tests", "Vsmtp.Faults", "Shim", "faults.c");

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _library;
    private readonly string _control;

    private FaultShim(string library, string control, int seed)
    {
        (_library, _control) = (library, control);
        File.WriteAllBytes(control, new byte[Unsafe.SizeOf<Controls>()]);
        _file = MemoryMappedFile.CreateFromFile(control, FileMode.Open);
        _view = _file.CreateViewAccessor(0, Unsafe.SizeOf<Controls>());
        Set((ref controls) => controls.Seed = seed);
    }

    public delegate void Change(ref Controls controls);

    /// <summary>As it is now, with what the servers have counted.</summary>
    public Controls Now
    {
        get
        {
            _view.Read(0, out Controls controls);
            return controls;
        }
    }

    /// <summary>Compiles it into a folder; skips the test where there is no compiler.</summary>
    public static async Task<FaultShim> CreateAsync(string folder, int seed)
    {
        DaemonProcess.RequireInstalled("gcc", "gcc libc6-dev");
        var library = Path.Combine(folder, "faults.so");
        await DaemonProcess.RunAsync("gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, Source, "-ldl", "-lpthread");
        return new FaultShim(library, Path.Combine(folder, "faults.control"), seed);
    }

    /// <summary>From its next start on.</summary>
    public void PreloadInto(ServerProcess server)
    {
        server.Variables["LD_PRELOAD"] = _library;
        server.Variables["VSMTP_FAULTS"] = _control;
    }

    /// <summary>Changes what is done; for one thread at a time.</summary>
    /// <remarks>Field by field: servers count in the fields behind those that are set here.</remarks>
    public unsafe void Set(Change change)
    {
        byte* memory = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        try
        {
            change(ref Unsafe.AsRef<Controls>(memory));
        }
        finally
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
