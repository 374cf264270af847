using System.Collections.Frozen;

namespace Vsmtp.Vsl;

/// <summary>What is known of a host's functions and types before a script runs: only warnings are made from it.</summary>
/// <remarks>
/// Types are named as <c>type_of</c> does, but an object that a script declares is <c>object:KIND</c>, e.g. <c>object:ip4</c>.
/// </remarks>
public sealed record HostFacts
{
    public static HostFacts None { get; } = new();

    /// <summary>Type of the results of global functions, by name, whatever they are given.</summary>
    public IReadOnlyDictionary<string, string> ResultTypes { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the body of a rule or a delegation must give; null: anything.</summary>
    public string? StatusType { get; init; }

    /// <summary>Whether no value of the one type equals one of the other; asked when a type is none of the language's own.</summary>
    public Func<string, string, bool> NeverEqual { get; init; } = (_, _) => false;

    /// <summary>What is wrong with a literal string given to a function: its name, which argument (without a handle), the text.</summary>
    public Func<string, int, string, string?> LiteralFault { get; init; } = (_, _, _) => null;
}
