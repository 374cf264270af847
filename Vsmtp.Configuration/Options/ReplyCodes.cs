using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.smtp.codes]</c>: a reply for every name.</summary>
public sealed class ReplyCodes
{
    // RFC 5321 §4.2.3; where the earlier program closed with 451 or 554, 421 (RFC 5321 §3.8).
    private static readonly FrozenDictionary<ReplyName, ReplyTemplate> Defaults = new Dictionary<ReplyName, ReplyTemplate>
    {
        [ReplyName.Greetings] = new(220, null, "{domain} Service ready"),
        [ReplyName.Help] = new(214, null, "See RFC 5321 for the commands of this server"),
        [ReplyName.Closing] = new(221, null, "Service closing transmission channel"),
        [ReplyName.Helo] = new(250, null, "Ok"),
        [ReplyName.Ok] = new(250, null, "Ok"),
        [ReplyName.EhloPain] = new(250, null, "{domain}"),
        [ReplyName.EhloSecured] = new(250, null, "{domain}"),
        [ReplyName.DataStart] = new(354, null, "Start mail input; end with <CRLF>.<CRLF>"),
        [ReplyName.Failure] = new(451, null, "Requested action aborted: local error in processing"),
        [ReplyName.Denied] = new(554, null, "permanent problems with the remote server"),
        [ReplyName.UnrecognizedCommand] = new(500, null, "Syntax error command unrecognized"),
        [ReplyName.SyntaxErrorParams] = new(501, null, "Syntax error in parameters or arguments"),
        [ReplyName.ParameterUnimplemented] = new(504, null, "Command parameter not implemented"),
        [ReplyName.Unimplemented] = new(502, null, "Command not implemented"),
        [ReplyName.BadSequence] = new(503, null, "Bad sequence of commands"),
        [ReplyName.TlsGoAhead] = new(220, null, "TLS go ahead"),
        [ReplyName.TlsNotAvailable] = new(454, null, "TLS not available due to temporary reason"),
        [ReplyName.AlreadyUnderTLS] = new(554, "5.5.1", "Error: TLS already active"),
        [ReplyName.TlsRequired] = new(530, null, "Must issue a STARTTLS command first"),
        [ReplyName.AuthSucceeded] = new(235, "2.7.0", "Authentication succeeded"),
        [ReplyName.AuthMechNotSupported] = new(504, "5.5.4", "Mechanism is not supported"),
        [ReplyName.AuthClientMustNotStart] = new(501, "5.7.0", "Client must not start with this mechanism"),
        [ReplyName.AuthMechanismMustBeEncrypted] = new(538, "5.7.11", "Encryption required for requested authentication mechanism"),
        [ReplyName.AuthInvalidCredentials] = new(535, "5.7.8", "Authentication credentials invalid"),
        [ReplyName.AuthRequired] = new(530, "5.7.0", "Authentication required"),
        [ReplyName.AuthClientCanceled] = new(501, null, "Authentication canceled by client"),
        [ReplyName.AuthErrorDecode64] = new(501, "5.5.2", "Invalid, not base64"),
        [ReplyName.AuthTempError] = new(454, "4.7.0", "Temporary authentication failure"),
        [ReplyName.ConnectionMaxReached] = new(421, null, "Cannot process connection, closing"),
        [ReplyName.TooManyError] = new(451, null, "Too many errors from the client"),
        [ReplyName.Timeout] = new(421, null, "Timeout - closing connection"),
        [ReplyName.TooManyRecipients] = new(452, null, "Requested action not taken: too many recipients"),
        [ReplyName.MessageSizeExceeded] = new(552, "5.3.4", "Message size exceeds the limit of this server"),
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<ReplyName, ReplyTemplate> _all;

    /// <param name="overrides">The replies that the file has of its own.</param>
    /// <param name="domain">Takes the place of <c>{domain}</c> in all texts.</param>
    public ReplyCodes(ImmutableSortedDictionary<ReplyName, ReplyTemplate> overrides, string domain)
    {
        Overrides = overrides.ToImmutableSortedDictionary(o => o.Key, o => WithDomain(o.Value, domain));
        _all = Defaults.ToFrozenDictionary(d => d.Key, d => Overrides.GetValueOrDefault(d.Key) ?? WithDomain(d.Value, domain));
    }

    /// <summary>No override; the server's name is the machine's.</summary>
    public static ReplyCodes Default { get; } =
        new(ImmutableSortedDictionary<ReplyName, ReplyTemplate>.Empty, Environment.MachineName);

    /// <summary>What the file says otherwise than the default.</summary>
    public ImmutableSortedDictionary<ReplyName, ReplyTemplate> Overrides { get; }

    /// <summary>The reply in force.</summary>
    public ReplyTemplate this[ReplyName name] => _all[name];

    internal static ReplyTemplate DefaultOf(ReplyName name) => Defaults[name];

    private static ReplyTemplate WithDomain(ReplyTemplate template, string domain) =>
        template with { Text = template.Text.Replace("{domain}", domain, StringComparison.Ordinal) };
}
