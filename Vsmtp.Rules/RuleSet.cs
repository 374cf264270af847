using System.Collections.Frozen;
using System.Collections.Immutable;
using Vsmtp.Mail.Delegation;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>The rules of a site: compiled, immutable, shared by all runs. Made by <see cref="RuleSetLoader"/>.</summary>
public sealed class RuleSet
{
    private readonly ImmutableArray<ImmutableArray<RuleDirective>> _stages;
    private readonly FrozenDictionary<string, RuleDirective> _byName;
    private readonly ImmutableArray<ServiceEngine> _engines;

    internal RuleSet(
        RuleSetFiles files, RuleSetOptions options, Script? script,
        IEnumerable<RuleDirective> directives, LoadState? loaded)
    {
        MainPath = files.MainPath;
        Files = files.Texts;
        Hash = files.Hash;
        Options = options;
        Script = script;
        var byStage = directives.ToLookup(d => d.Stage);
        _stages = [.. Enum.GetValues<Stage>().Select(stage => byStage[stage].ToImmutableArray())];
        _byName = byStage.SelectMany(d => d).ToFrozenDictionary(d => d.Name);
        _engines = loaded is null ? [] : [.. loaded.Engines];
        Declared = (loaded is null ? [] : loaded.Services.Values.AsEnumerable()).ToFrozenDictionary(s => s.Settings.Name);
        Services = Declared.ToFrozenDictionary(s => s.Key, s => s.Value.Settings);
    }

    /// <summary>What holds where no script is configured: every connection is denied at connect.</summary>
    public static RuleSet DenyAll { get; } = BuiltInRules.DenyAll();

    /// <summary>SHA-256 over the main path and over path and text of all files, 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Which of <see cref="Files"/> is the main script.</summary>
    public string MainPath { get; }

    /// <summary>
    /// Path and text of the main script, of every import and of every file that an object was read from: with them the set is
    /// loaded again elsewhere. Paths are relative to the main script's directory, but for those that scripts give as absolute.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Files { get; }

    /// <summary>All <c>service … smtp</c> of the main script and its imports, by name.</summary>
    public IReadOnlyDictionary<string, SmtpServiceSettings> Services { get; }

    /// <summary>The directives of a stage, in the order in which they run.</summary>
    public ImmutableArray<RuleDirective> this[Stage stage] => _stages[(int)stage];

    internal RuleSetOptions Options { get; }

    /// <summary>Null for the built-in set, whose directives have no bodies.</summary>
    internal Script? Script { get; }

    internal FrozenDictionary<string, DeclaredService> Declared { get; }

    /// <summary>Null: no directive of this set has the name.</summary>
    public RuleDirective? Find(string directive) => _byName.GetValueOrDefault(directive);

    /// <summary>Another set has taken its place: its services keep nothing open, but runs that still hold it can use them.</summary>
    internal void Retire()
    {
        foreach (var engine in _engines) engine.Retire();
    }
}
