using Vsmtp.Vsl.Parsing;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Binding;

/// <summary>Reads and parses the main script and what it imports, each file once (language §8).</summary>
internal sealed class ScriptLoader(IScriptFiles files, CompileOptions options, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, ModuleUnit?> _loaded = [];
    private readonly List<string> _loading = [];
    private string _directory = "";

    /// <summary>Files that could be read, in the order in which they were met.</summary>
    public List<ScriptFile> Files { get; } = [];

    /// <summary>Parsed files, imports before what imports them; the main script is the last.</summary>
    public List<ModuleUnit> Units { get; } = [];

    /// <summary>Words that may be the name of a closure in a map.</summary>
    public HashSet<string> StoredNames { get; } = [];

    public void Load(string mainPath)
    {
        var path = ScriptPath.Normalize(mainPath);
        _directory = ScriptPath.DirectoryOf(path);
        Load(path, SourceSpan.None);
    }

    private ModuleUnit? Load(string path, SourceSpan importedAt)
    {
        if (_loaded.TryGetValue(path, out var known)) return known;
        _loaded.Add(path, null);
        if (Read(path, importedAt) is not { } file) return null;
        var syntax = SourceParser.Parse(file, diagnostics, StoredNames, out var imports);
        _loading.Add(path);
        var targets = new Dictionary<string, ModuleUnit>();
        foreach (var import in imports)
            if (Follow(import) is { } unit) targets[import.Name] = unit;
        _loading.RemoveAt(_loading.Count - 1);
        if (syntax is null) return null;

        var loaded = new ModuleUnit(Units.Count, syntax);
        foreach (var (target, unit) in targets) loaded.Targets.Add(target, unit);
        Units.Add(loaded);
        return _loaded[path] = loaded;
    }

    private ModuleUnit? Follow(Identifier import)
    {
        var path = ScriptPath.Resolve(_directory, import.Name);
        var at = _loading.IndexOf(path);
        if (at < 0) return Load(path, import.Span);
        var circle = string.Join(" → ", _loading.Skip(at).Append(path));
        diagnostics.Error(DiagnosticCodes.ImportCircle, $"these files import each other in a circle: {circle}", import.Span);
        return null;
    }

    private ScriptFile? Read(string path, SourceSpan importedAt)
    {
        if (Files.Count >= options.MaxFiles)
        {
            diagnostics.Error(DiagnosticCodes.TooManyFiles, $"a script cannot have more than {options.MaxFiles} files", importedAt);
            return null;
        }

        if (files.TryRead(path, out var text))
        {
            var file = new ScriptFile(path, text.TrimStart('\uFEFF'));
            Files.Add(file);
            return file;
        }

        var reason = text.Length > 0 ? $" ({text})" : "";
        diagnostics.Error(
            importedAt.IsNone ? DiagnosticCodes.ScriptNotRead : DiagnosticCodes.ModuleNotFound,
            importedAt.IsNone ? $"cannot read the script '{path}'{reason}" : $"module not found: {path}{reason}", importedAt);
        return null;
    }
}
