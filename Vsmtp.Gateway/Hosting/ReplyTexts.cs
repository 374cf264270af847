using Vsmtp.Configuration.Options;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Hosting;

/// <summary>The replies whose words the site chose (<c>server.smtp.codes</c>); the session's own where it did not.</summary>
internal static class ReplyTexts
{
    public static SmtpReplySet SetOf(ReplyCodes codes)
    {
        var ours = new SmtpReplySet();
        return new SmtpReplySet
        {
            Help = Of(codes, ReplyName.Help, ours.Help),
            Closing = Of(codes, ReplyName.Closing, ours.Closing),
            Helo = Of(codes, ReplyName.Helo, ours.Helo),
            Ok = Of(codes, ReplyName.Ok, ours.Ok),
            SenderOk = Of(codes, ReplyName.Ok, ours.SenderOk),
            RecipientOk = Of(codes, ReplyName.Ok, ours.RecipientOk),
            DataStart = Of(codes, ReplyName.DataStart, ours.DataStart),
            LocalError = Of(codes, ReplyName.Failure, ours.LocalError),
            UnknownCommand = Of(codes, ReplyName.UnrecognizedCommand, ours.UnknownCommand),
            BadArguments = Of(codes, ReplyName.SyntaxErrorParams, ours.BadArguments),
            UnknownParameter = Of(codes, ReplyName.ParameterUnimplemented, ours.UnknownParameter),
            NotImplemented = Of(codes, ReplyName.Unimplemented, ours.NotImplemented),
            BadSequence = Of(codes, ReplyName.BadSequence, ours.BadSequence),
            TlsNotAvailable = Of(codes, ReplyName.TlsNotAvailable, ours.TlsNotAvailable),
            TlsGoAhead = Of(codes, ReplyName.TlsGoAhead, ours.TlsGoAhead),
            AlreadyUnderTls = Of(codes, ReplyName.AlreadyUnderTLS, ours.AlreadyUnderTls),
            TlsRequired = Of(codes, ReplyName.TlsRequired, ours.TlsRequired),
            Authenticated = Of(codes, ReplyName.AuthSucceeded, ours.Authenticated),
            MechanismUnknown = Of(codes, ReplyName.AuthMechNotSupported, ours.MechanismUnknown),
            ClientMustNotStart = Of(codes, ReplyName.AuthClientMustNotStart, ours.ClientMustNotStart),
            MechanismNeedsTls = Of(codes, ReplyName.AuthMechanismMustBeEncrypted, ours.MechanismNeedsTls),
            BadCredentials = Of(codes, ReplyName.AuthInvalidCredentials, ours.BadCredentials),
            AuthRequired = Of(codes, ReplyName.AuthRequired, ours.AuthRequired),
            AuthCancelled = Of(codes, ReplyName.AuthClientCanceled, ours.AuthCancelled),
            NotBase64 = Of(codes, ReplyName.AuthErrorDecode64, ours.NotBase64),
            AuthNotNow = Of(codes, ReplyName.AuthTempError, ours.AuthNotNow),
            TooManyErrors = Of(codes, ReplyName.TooManyError, ours.TooManyErrors),
            TimedOut = Of(codes, ReplyName.Timeout, ours.TimedOut),
            TooManyRecipients = Of(codes, ReplyName.TooManyRecipients, ours.TooManyRecipients),
            MessageTooBig = Of(codes, ReplyName.MessageSizeExceeded, ours.MessageTooBig),
        };
    }

    public static SmtpReply Of(ReplyCodes codes, ReplyName name, SmtpReply ours) => Own(codes, name) ?? ours;

    /// <summary>Null: the site says nothing of its own.</summary>
    public static SmtpReply? Own(ReplyCodes codes, ReplyName name) => codes.Overrides.TryGetValue(name, out var own)
        ? new SmtpReply(own.Code, EnhancedCode.TryParse(own.Enhanced, out var enhanced) ? enhanced : null, own.Text)
        : null;
}
