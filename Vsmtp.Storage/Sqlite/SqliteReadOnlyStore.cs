using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Sqlite.Contents;
using Vsmtp.Storage.Sqlite.Mails;
using Vsmtp.Storage.Sqlite.Migrations;

namespace Vsmtp.Storage.Sqlite;

/// <summary>The store as a tool reads it, beside the server or without one; writes nothing and changes no schema.</summary>
public sealed class SqliteReadOnlyStore : IAsyncDisposable
{
    private readonly ReaderPool _readers;

    private SqliteReadOnlyStore(ReaderPool readers)
    {
        _readers = readers;
        Queries = new SqliteMailQueries(readers);
    }

    public IMailQueries Queries { get; }

    /// <exception cref="StoreUnusableException">There is none, it cannot be read, or this program does not understand it.</exception>
    public static SqliteReadOnlyStore Open(string path)
    {
        if (!File.Exists(path)) throw new StoreUnusableException($"There is no mail store {path}.");
        var file = new SqliteFile(path);
        return file.Explain(() =>
        {
            using (var session = file.OpenReadOnly())
            {
                if (Migrator.Check(session, Migrator.All) == 0) throw new StoreUnusableException($"The mail store {path} is empty.");
            }

            return new SqliteReadOnlyStore(new ReaderPool(file.OpenReadOnly));
        });
    }

    /// <inheritdoc cref="IContentStore.OpenReadAsync"/>
    public Task<Stream> OpenReadAsync(ContentId id, CancellationToken cancellationToken) =>
        ContentReads.OpenAsync(_readers, id, cancellationToken);

    public ValueTask DisposeAsync() => _readers.DisposeAsync();
}
