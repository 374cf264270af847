using Vsmtp.Dns;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>What rules may know of the server they run on.</summary>
public sealed record RuleSetOptions
{
    /// <summary><c>server.domain</c>.</summary>
    public required string ServerDomain { get; init; }

    /// <summary>The keys of <c>server.virtual</c>.</summary>
    public IReadOnlyCollection<string> VirtualDomains { get; init; } = [];

    /// <summary><c>app.dirpath</c>.</summary>
    public string? AppDirectory { get; init; }

    /// <summary>
    /// What scripts read as <c>toml::server</c>: tables as dictionaries, arrays as lists, durations as text. Scripts may print
    /// all of it, so it has no secrets.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Server { get; init; } = new Dictionary<string, object?>();

    /// <summary>What scripts read as <c>toml::app</c>.</summary>
    public IReadOnlyDictionary<string, object?> App { get; init; } = new Dictionary<string, object?>();

    /// <summary>The file in which this server keeps its mails, which no service may open. Null: the store is no file.</summary>
    public string? StoreFile { get; init; }

    /// <summary>The account that the server runs as, so that no command can run as another. Null: the server is root's, or nobody knows.</summary>
    public string? RunsAs { get; init; }

    /// <summary>Looks names up for rules; null: nobody does, and asking is an error.</summary>
    public IDnsResolver? Resolver { get; init; }

    /// <summary>Bounds of the evaluation of the files' top levels.</summary>
    public BudgetLimits LoadLimits { get; init; } = BudgetLimits.Default;

    /// <summary>Takes what the top levels print while they are loaded; null drops it.</summary>
    public IRuleLog? LoadLog { get; init; }

    /// <summary>Whether what conditions saw is put into <see cref="DirectiveTrace.Seen"/>; for looking at one mail, since it costs time.</summary>
    public bool IsObserved { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
