namespace Vsmtp.Faults.Sites;

/// <summary>What keeps the mails of a server under faults.</summary>
internal enum StoreKind
{
    Sqlite,
    Postgres,

    /// <summary>PostgreSQL under two silos and a gateway; in the Orleans build.</summary>
    Cluster,
}
