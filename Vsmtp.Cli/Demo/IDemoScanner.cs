namespace Vsmtp.Cli.Demo;

/// <summary>The virus scanner of the demo; disposing ends it.</summary>
internal interface IDemoScanner : IAsyncDisposable
{
    /// <summary>What it is, for the reader.</summary>
    string Description { get; }

    Task StartAsync(CancellationToken cancellationToken);
}
