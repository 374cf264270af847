using Vsmtp.Storage.Tests.Postgres;

namespace Vsmtp.Faults.Sites;

/// <summary>A site whose mails are in PostgreSQL.</summary>
internal interface IPostgresSite
{
    PostgresServer Database { get; }
}
