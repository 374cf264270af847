namespace Vsmtp.Gateway;

/// <summary>Event ids of this project's logs: 2000 to 2999.</summary>
internal static class GatewayEvents
{
    public const int ConnectionAccepted = 2000;
    public const int ConnectionRefused = 2001;
    public const int SessionFailed = 2002;
    public const int RuleFailed = 2003;
    public const int MailAccepted = 2004;
    public const int MailRefused = 2005;
    public const int AcceptFailed = 2006;
    public const int ReturnRefused = 2007;
    public const int ReturnTaken = 2008;
    public const int ReturnFailed = 2009;
    public const int LetGoFailed = 2010;
    public const int ConnectionRelayed = 2011;
    public const int ProxyHeaderRefused = 2012;
    public const int ProxyHeadersTooMany = 2013;
    public const int BalancerGone = 2014;
    public const int UsersRead = 2015;
    public const int UserFileFault = 2016;
    public const int RateExceeded = 2017;
    public const int NoSilo = 2020;
    public const int AcceptUnanswered = 2021;
    public const int AcceptSettled = 2022;
    public const int AcceptUnsettled = 2023;
    public const int ReturnUnanswered = 2024;
    public const int OfferUnanswered = 2030;
}
