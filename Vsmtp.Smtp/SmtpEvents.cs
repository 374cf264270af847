namespace Vsmtp.Smtp;

/// <summary>Ids of this project's log events: 1000 to 1099.</summary>
internal static class SmtpEvents
{
    public const int CommandRefused = 1000;
    public const int MessageRefused = 1001;
    public const int PolicyFailed = 1002;
    public const int SessionEnded = 1003;
    public const int Secured = 1004;
    public const int TlsFailed = 1005;
    public const int CommandsInjected = 1006;
    public const int Authenticated = 1007;
    public const int NotAuthenticated = 1008;
    public const int SpeaksFor = 1009;
}
