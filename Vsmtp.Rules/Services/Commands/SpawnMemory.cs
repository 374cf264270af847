using System.Runtime.InteropServices;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>Memory of one call of posix_spawn: texts, lists of texts, and structures that only the C library knows.</summary>
internal sealed class SpawnMemory : IDisposable
{
    private readonly List<IntPtr> _blocks = [];

    public IntPtr Text(string text)
    {
        var block = Marshal.StringToCoTaskMemUTF8(text);
        _blocks.Add(block);
        return block;
    }

    /// <summary>As argv and envp are: pointers, the last one null.</summary>
    public IntPtr List(IReadOnlyList<string> texts)
    {
        var list = Block((texts.Count + 1) * IntPtr.Size);
        foreach (var (index, text) in texts.Index()) Marshal.WriteIntPtr(list, index * IntPtr.Size, Text(text));
        return list;
    }

    /// <summary>Zeroed.</summary>
    public IntPtr Block(int bytes)
    {
        var block = Marshal.AllocCoTaskMem(bytes);
        _blocks.Add(block);
        Marshal.Copy(new byte[bytes], 0, block, bytes);
        return block;
    }

    public void Dispose()
    {
        foreach (var block in _blocks) Marshal.FreeCoTaskMem(block);
    }
}
