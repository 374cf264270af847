namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.system]</c>: the account that the server becomes when root starts it.</summary>
public sealed record SystemOptions
{
    /// <summary>Name of an existing account; a missing one is an error, a missing default a warning. Default: <c>vsmtp</c>.</summary>
    public string User { get; init; } = "vsmtp";

    /// <summary>Name of an existing group; a missing one is an error, a missing default a warning. Default: <c>vsmtp</c>.</summary>
    public string Group { get; init; } = "vsmtp";

    /// <summary>Group that owns the mailboxes of system accounts; null: the account's own. Default: null.</summary>
    public string? GroupLocal { get; init; }

    /// <summary>Not yet in effect.</summary>
    public ThreadPoolOptions ThreadPool { get; init; } = new();
}
