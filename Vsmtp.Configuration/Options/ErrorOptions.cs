namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.smtp.error]</c>, complete or absent: what a client that errs must expect.</summary>
public sealed record ErrorOptions
{
    /// <summary>4yz and 5yz replies from which on each waits for <see cref="Delay"/>; null (-1 in the file): never. Default: 10.</summary>
    public int? SoftCount { get; init; } = 10;

    /// <summary>4yz and 5yz replies at which the connection is closed; null (-1 in the file): never. Default: 20.</summary>
    public int? HardCount { get; init; } = 20;

    /// <summary>Default: 5 seconds.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);
}
