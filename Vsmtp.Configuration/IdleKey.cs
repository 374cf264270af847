namespace Vsmtp.Configuration;

/// <summary>A key that is given and that this version of the server does not heed.</summary>
/// <param name="Key">Dotted, from the root: <c>server.tls</c>.</param>
/// <param name="Place">Where it stands.</param>
public sealed record IdleKey(string Key, SourcePlace Place)
{
    /// <summary>As a warning: <c>file:line:col: warning: server.tls is not yet in effect</c>.</summary>
    public ConfigurationFault ToFault() => ConfigurationFault.Warning($"{Key} is not yet in effect", Place);
}
