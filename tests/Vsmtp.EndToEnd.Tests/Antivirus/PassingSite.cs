namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>One site with <c>Action: pass</c> for the tests of a class; started by the first that asks, so that it can be skipped.</summary>
public sealed class PassingSite : IAsyncLifetime
{
    private AntivirusSite? _site;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<AntivirusSite> GetAsync() => _site ??= await AntivirusSite.StartAsync();

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;
}
