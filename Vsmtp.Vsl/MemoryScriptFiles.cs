using System.Collections.Frozen;

namespace Vsmtp.Vsl;

/// <summary>Scripts held as texts: a stored rule set, or a test.</summary>
public sealed class MemoryScriptFiles(IEnumerable<ScriptFile> files) : IScriptFiles
{
    private readonly FrozenDictionary<string, string> _texts = files.ToFrozenDictionary(f => f.Path, f => f.Text);

    public bool TryRead(string path, out string text)
    {
        var found = _texts.TryGetValue(path, out var stored);
        text = stored ?? "";
        return found;
    }
}
