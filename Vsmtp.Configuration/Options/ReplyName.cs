namespace Vsmtp.Configuration.Options;

/// <summary>The keys of <c>server.smtp.codes</c>, by the names that the file has.</summary>
public enum ReplyName
{
    Greetings,
    Help,
    Closing,
    Helo,
    Ok,

    /// <summary>The answer to EHLO in clear is generated; an own text has no effect.</summary>
    EhloPain,

    /// <summary>The answer to EHLO under TLS is generated; an own text has no effect.</summary>
    EhloSecured,
    DataStart,
    Failure,
    Denied,
    UnrecognizedCommand,
    SyntaxErrorParams,
    ParameterUnimplemented,
    Unimplemented,
    BadSequence,
    TlsGoAhead,
    TlsNotAvailable,
    AlreadyUnderTLS,
    TlsRequired,
    AuthSucceeded,
    AuthMechNotSupported,
    AuthClientMustNotStart,
    AuthMechanismMustBeEncrypted,
    AuthInvalidCredentials,
    AuthRequired,
    AuthClientCanceled,
    AuthErrorDecode64,
    AuthTempError,
    ConnectionMaxReached,
    TooManyError,
    Timeout,
    TooManyRecipients,
    MessageSizeExceeded,
}
