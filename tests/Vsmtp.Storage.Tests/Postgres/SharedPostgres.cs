using Vsmtp.Storage.Tests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>Ends the server that tests share after the last of them.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    public ValueTask DisposeAsync() => PostgresServer.EndSharedAsync();
}
