using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>Something that goes wrong while mails go through a server. An object is for one run.</summary>
internal abstract class Fault : IAsyncDisposable
{
    /// <summary>In the table, and for <c>--only</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The stores for which it means something.</summary>
    public virtual IReadOnlyList<StoreKind> Stores => [StoreKind.Sqlite, StoreKind.Postgres, StoreKind.Cluster];

    /// <summary>On PostgreSQL too, its short form is one of the tests.</summary>
    public virtual bool IsTestedOnPostgres => false;

    /// <summary>Some seconds.</summary>
    public abstract FaultSize Short { get; }

    /// <summary>Minutes.</summary>
    public abstract FaultSize Long { get; }

    /// <summary>Keys of the service, in the rules.</summary>
    public virtual string ServiceKeys => KilledMails.ServiceKeys;

    /// <summary>How long the server waits for each reply of the service.</summary>
    public virtual string ServiceTimeout => "10s";

    /// <summary>The store still knows every mail at the end.</summary>
    public virtual bool KeepsHistory => true;

    /// <summary>How long the server may take for what it has to do by itself.</summary>
    public virtual int PatienceSeconds => 300;

    /// <summary>Before the server starts for the first time.</summary>
    public virtual Task PrepareAsync(FaultRun run) => Task.CompletedTask;

    /// <summary>Does it, in <see cref="FaultSize.Times"/> rounds of mails, and leaves a server that can go on.</summary>
    /// <returns>What was done, for the table.</returns>
    public abstract Task<string> InjectAsync(FaultRun run);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
