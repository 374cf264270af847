using Microsoft.Extensions.Logging;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Gateway.Authentication;

/// <summary>Checks passwords against the file of users, which it reads again when it has changed. Thread-safe.</summary>
internal sealed partial class UserStore(string path, KeyWorkers workers, ILogger logger)
{
    private readonly Lock _reading = new();
    private UserFile? _file;
    private (DateTime WrittenAt, long Length) _version;

    /// <summary>Whether the password is the user's. For names that nobody has it takes as long.</summary>
    /// <param name="name">Prepared.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor must it.</exception>
    public async Task<bool> IsGoodAsync(string name, string password, CancellationToken cancellationToken)
    {
        var verifier = Find(name, out var isKnown);
        return await workers.RunAsync(() => verifier.Fits(password), cancellationToken).ConfigureAwait(false) && isKnown;
    }

    /// <summary>The user's verifier; for a name that nobody has one that no password fits.</summary>
    /// <inheritdoc cref="IsGoodAsync"/>
    public ScramVerifier Find(string name) => Find(name, out _);

    /// <summary>What <see cref="Find(string)"/> has for a name that nobody has.</summary>
    /// <inheritdoc cref="IsGoodAsync"/>
    public ScramVerifier MadeUpFor(string name) => MadeUpFor(name, Current());

    private ScramVerifier Find(string name, out bool isKnown)
    {
        var file = Current();
        isKnown = file.Users.TryGetValue(name, out var known);
        var other = MadeUpFor(name, file);
        return isKnown ? known! : other;
    }

    private static ScramVerifier MadeUpFor(string name, UserFile file) => ScramVerifier.MadeUpFor(name, file.Secret, file.UsualIterations);

    private UserFile Current()
    {
        lock (_reading)
        {
            var info = new FileInfo(UserFile.Target(path));
            var version = info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
            if (_file is not null && version == _version) return _file;
            var file = UserFile.Read(path);
            foreach (var fault in file.Faults) LogFault(path, fault);
            LogRead(path, file.Users.Count);
            (_file, _version) = (file, version);
            return file;
        }
    }

    [LoggerMessage(EventId = GatewayEvents.UsersRead, Level = LogLevel.Information, Message = "The users of {Path} are read: {Count}")]
    private partial void LogRead(string path, int count);

    [LoggerMessage(EventId = GatewayEvents.UserFileFault, Level = LogLevel.Error, Message = "{Path}: {Fault}; it is passed over")]
    private partial void LogFault(string path, string fault);
}
