using System.Collections.Immutable;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>What <c>service NAME cmd</c> says.</summary>
internal sealed record CommandOptions
{
    /// <summary>Processes of one service at once, if it does not say otherwise: scanners take whole cores.</summary>
    public const int UsualInFlight = 8;

    /// <summary>A program: a path, or a name that is looked up in PATH.</summary>
    public required string Program { get; init; }

    public required TimeSpan Timeout { get; init; }

    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Name or number of the account it runs as; null: the server's.</summary>
    public string? User { get; init; }

    /// <summary>Name or number; null: the main group of <see cref="User"/>.</summary>
    public string? Group { get; init; }

    public int MaxInFlight { get; init; } = UsualInFlight;
}
